using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orleans.Metadata;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Types;

namespace OrleansGeo.Runtime.Types;

/// <summary>What this silo's own grain classes declare of themselves: the silo's manifest, not the cluster's, which has other silos' versions of them.</summary>
internal static partial class DeclaredTypes
{
    /// <summary>The geo grain types. One whose attribute cannot be read is left to whoever reads it for use, and is refused there.</summary>
    public static ImmutableArray<TypeChoices> Of(GrainManifest manifest) =>
    [
        .. manifest.Grains.Select(static grain => Read(grain.Key, grain.Value.Properties)).OfType<TypeChoices>().OrderBy(static choices => choices.Type, StringComparer.Ordinal),
    ];

    private static TypeChoices? Read(GrainType type, ImmutableDictionary<string, string> properties)
    {
        if (!properties.TryGetValue(GeoGrainProperties.Durability, out var named) || !Enum.TryParse<Durability>(named, out var durability))
        {
            return null;
        }

        var isMultiWriter = properties.GetValueOrDefault(GeoGrainProperties.MultiWriter) == "true";
        return new(
            type.ToString(),
            durability == Durability.Quorum ? ShardFamily.Quorum : ShardFamily.Region,
            isMultiWriter,
            isMultiWriter ? "" : NameOf(properties.GetValueOrDefault(GeoGrainProperties.HomePolicy) ?? ""));
    }

    /// <summary>The class's full name: neither its assembly nor, of a generic one's arguments, their versions, which change with every release.</summary>
    private static string NameOf(string policy)
    {
        var versionless = Versions().Replace(policy, "");
        return versionless.LastIndexOf(", ", StringComparison.Ordinal) is >= 0 and var assembly && assembly > versionless.LastIndexOf(']') ? versionless[..assembly] : versionless;
    }

    [GeneratedRegex(@", (Version|Culture|PublicKeyToken)=[^,\]]*")]
    private static partial Regex Versions();
}
