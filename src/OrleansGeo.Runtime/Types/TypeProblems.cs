using System.Text;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Types;

namespace OrleansGeo.Runtime.Types;

/// <summary>Says what of a silo's grain types is not as the world has it: all of it at once, and what to do.</summary>
internal static class TypeProblems
{
    public static GeoError Describe(string region, IReadOnlyCollection<TypeContradiction> contradictions)
    {
        var text = new StringBuilder($"A silo of {region} declares {contradictions.Count} geo grain {(contradictions.Count == 1 ? "type" : "types")} otherwise than the world has recorded.");
        foreach (var contradiction in contradictions)
        {
            text.Append(' ').Append(Describe(contradiction, "recorded"));
        }

        text.Append(" Set [GeoGrain] back to what is recorded, or give the class another [GrainType] name, which begins without entities. Moving a type's entities to other choices does not exist yet.");
        return new(GeoErrorCode.InvalidConfiguration, text.ToString());
    }

    /// <summary>Of types that are not recorded yet: what <see cref="TypeContradiction.Recorded"/> holds is what another silo says.</summary>
    public static GeoError DescribeDisagreement(string region, IReadOnlyCollection<TypeContradiction> contradictions) => new(
        GeoErrorCode.InvalidConfiguration,
        $"A silo of {region} declares {contradictions.Count} geo grain {(contradictions.Count == 1 ? "type" : "types")} otherwise than another silo does, and the world has recorded neither. {string.Join(' ', contradictions.Select(static contradiction => Describe(contradiction, "declared there")))} Set [GeoGrain] to what the other silos say, whose entities exist; or give the class another [GrainType] name, which begins without entities. If the others are wrong and have no entities yet, stop them first.");

    private static string Describe(TypeContradiction contradiction, string how)
    {
        var (recorded, declared) = contradiction;
        var differences = new List<(string Recorded, string Declared)>();
        if (recorded.IsMultiWriter != declared.IsMultiWriter)
        {
            differences.Add(($"MultiWriter = {Text(recorded.IsMultiWriter)}", $"MultiWriter = {Text(declared.IsMultiWriter)}"));
        }

        if (recorded.Durability != declared.Durability)
        {
            differences.Add(($"Durability.{DurabilityOf(recorded)}", $"Durability.{DurabilityOf(declared)}"));
        }

        if (!recorded.IsMultiWriter && !declared.IsMultiWriter && recorded.HomePolicy != declared.HomePolicy)
        {
            differences.Add(($"home policy {recorded.HomePolicy}", $"home policy {declared.HomePolicy}"));
        }

        // Of a multi-writer type, durability says only when a write is acknowledged; everything else decides where an entity is.
        var effect = recorded.IsMultiWriter && declared.IsMultiWriter ? "regions would promise differently of the same entities" : "every entity would look empty";
        return $"Grain type '{recorded.Type}' is {how} with {string.Join(" and ", differences.Select(static it => it.Recorded))}; this silo says {string.Join(" and ", differences.Select(static it => it.Declared))}: {effect}.";
    }

    private static Durability DurabilityOf(TypeChoices choices) => choices.Durability == ShardFamily.Quorum ? Durability.Quorum : Durability.Region;

    private static string Text(bool value) => value ? "true" : "false";
}
