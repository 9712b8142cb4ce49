using System.Diagnostics.CodeAnalysis;

namespace OrleansGeo;

/// <summary>The name of a region: one Orleans cluster and its own durable store.</summary>
/// <remarks>1 to 32 characters, <c>a-z</c>, <c>0-9</c> and <c>-</c>, starting with a letter: it stands in URLs, file names and shard names.</remarks>
public readonly record struct RegionId : IComparable<RegionId>
{
    /// <summary>How long a name may be: 32 characters.</summary>
    public const int MaxLength = 32;

    private readonly string? _name;

    /// <summary>Makes the id of a region.</summary>
    /// <param name="name">The name: 1 to 32 characters <c>a-z</c>, <c>0-9</c> and <c>-</c>, starting with a letter.</param>
    /// <exception cref="ArgumentException">It is not <see cref="IsValid">valid</see>.</exception>
    public RegionId(string name)
    {
        if (!IsValid(name))
        {
            throw new ArgumentException(
                $"'{name}' is not a region name: use 1 to {MaxLength} characters a-z, 0-9 and '-', starting with a letter.", nameof(name));
        }

        _name = name;
    }

    /// <summary>The name; empty for <c>default</c>, which names no region.</summary>
    public string Name => _name ?? "";

    /// <summary>Whether it can be the name of a region: 1 to 32 characters <c>a-z</c>, <c>0-9</c> and <c>-</c>, starting with a letter.</summary>
    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaxLength }
        && char.IsAsciiLetterLower(name[0])
        && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>By name, ordinal.</summary>
    public int CompareTo(RegionId other) => string.CompareOrdinal(Name, other.Name);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
