using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Wan;

namespace OrleansGeo.World.Drills;

/// <summary>Cuts a region off from all others, both ways, and heals that again.</summary>
internal sealed class WanCut(DrillRegions world, int victim)
{
    /// <summary>Something may be cut.</summary>
    public bool IsCut { get; private set; }

    public Task CutAsync(CancellationToken cancellationToken)
    {
        IsCut = true;
        return SetAsync(true, cancellationToken);
    }

    public async Task HealAsync(CancellationToken cancellationToken)
    {
        await SetAsync(false, cancellationToken);
        IsCut = false;
    }

    /// <summary>The emulated round trips, in milliseconds.</summary>
    public static async Task<double[,]> RoundTripsAsync(DrillRegions world, CancellationToken cancellationToken)
    {
        var roundTrips = new double[world.Count, world.Count];
        for (var from = 0; from < world.Count; from++)
        {
            foreach (var rule in await world.GetAsync<WanRuleView[]>(from, "/dev/wan", cancellationToken))
            {
                var to = world.Names.IndexOf(rule.To);
                roundTrips[from, to] += rule.OneWayMs;
                roundTrips[to, from] += rule.OneWayMs;
            }
        }

        return roundTrips;
    }

    /// <summary>Every region changes its own outgoing half.</summary>
    private Task SetAsync(bool cut, CancellationToken cancellationToken) => Task.WhenAll(
        Enumerable.Range(0, world.Count).Where(region => region != victim).SelectMany(other => new[] { (From: victim, To: other), (From: other, To: victim) })
            .Select(half => world.PostAsync(half.From, "/dev/wan", new { to = world.Names[half.To], cut }, cancellationToken)));
}
