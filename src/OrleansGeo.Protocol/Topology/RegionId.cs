using System.Diagnostics.CodeAnalysis;

namespace OrleansGeo.Protocol.Topology;

/// <summary>The name of a region: one Orleans cluster and its own durable store.</summary>
/// <remarks>1 to 32 characters, <c>a-z</c>, <c>0-9</c> and <c>-</c>, starting with a letter: it stands in URLs, file names and shard names.</remarks>
public readonly record struct RegionId : IComparable<RegionId>
{
    public const int MaxLength = 32;

    private readonly string? _name;

    public RegionId(string name)
    {
        if (!IsValid(name))
        {
            throw new ArgumentException(
                $"'{name}' is not a region name: use 1 to {MaxLength} characters a-z, 0-9 and '-', starting with a letter.", nameof(name));
        }

        _name = name;
    }

    public string Name => _name ?? "";

    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaxLength }
        && char.IsAsciiLetterLower(name[0])
        && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    public int CompareTo(RegionId other) => string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Name;
}
