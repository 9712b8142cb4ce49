using System.Collections.Immutable;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Cli;

/// <summary>The <c>--policy</c> option: <c>active-active</c>, or <c>active-passive:</c> and the regions in the order in which they are to be home.</summary>
internal static class PolicyText
{
    private const string ActiveActive = "active-active";
    private const string ActivePassive = "active-passive";

    /// <returns>The regions by priority; none for active-active.</returns>
    /// <exception cref="WorldException">What is wrong, in one line.</exception>
    public static ImmutableArray<string> Parse(string text)
    {
        if (text == ActiveActive)
        {
            return [];
        }

        var (policy, list) = text.Split(':', 2) is [var before, var after] ? (before, after) : (text, "");
        if (policy != ActivePassive)
        {
            throw WorldException.Usage($"--policy '{text}' is unknown: use active-active, or active-passive:region,… with the primary region first.");
        }

        ImmutableArray<string> regions = [.. list.Split(',', StringSplitOptions.TrimEntries)];
        if (regions.Contains(""))
        {
            throw WorldException.Usage($"--policy '{text}' does not name its regions: write for example active-passive:westeurope,eastus2, the primary region first.");
        }

        return regions.GroupBy(static region => region).FirstOrDefault(static group => group.Count() > 1) is { } twice
            ? throw WorldException.Usage($"--policy names '{twice.Key}' twice: name each region once.")
            : regions;
    }

    /// <exception cref="WorldException">One of them is not a region of the world.</exception>
    public static void Check(ImmutableArray<string> priority, IReadOnlyCollection<string> regions)
    {
        if (priority.FirstOrDefault(region => !regions.Contains(region)) is { } unknown)
        {
            throw WorldException.Usage($"--policy: {RegionNames.Unknown(unknown, regions)}");
        }
    }
}
