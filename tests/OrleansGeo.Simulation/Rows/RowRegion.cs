using OrleansGeo.Protocol.Freshness;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation.Rows;

/// <summary>What one run of a region's process knows of the rows of multi-writer entities: which entries every region shows.</summary>
internal sealed class RowRegion(SimWorld world, SimRegion region)
{
    private readonly RowReports _reports = new(world.Regions.Length, region.Index);
    private RecordVersion?[] _settled = new RecordVersion?[world.Regions.Length];

    /// <summary>Requests that run now: what they write is based on what they saw when they began.</summary>
    public int Running { get; set; }

    private int Own => world.RowOf(region.Index);

    /// <summary>Up to where this region shows the others' rows, whatever it writes from now on; and, read later, where its own stands.</summary>
    public RecordVersion?[] Report()
    {
        if (!world.Config.Rows || region.Standing is not { IsProven: true })
        {
            return [];
        }

        if (Running == 0)
        {
            _settled = [.. Enumerable.Range(0, world.Regions.Length).Select(ShownHere)];
        }

        var report = _settled.ToArray();
        report[region.Index] = region.Shells[Own] is HomeShell { Log: var log } home ? new(home.Token.Epoch, log.LastStaged) : null;
        return report;
    }

    public void Reported(int from, RecordVersion?[] shown)
    {
        if (shown.Length > 0)
        {
            _reports.Reported(from, shown, ShownHere);
        }
    }

    public RecordVersion? Everywhere(string row) => _reports.Everywhere(world.IndexOf(new(row)), ShownHere);

    private RecordVersion? ShownHere(int owner) => region.Shells[world.RowOf(owner)] switch
    {
        HomeShell home => home.ShownVersion,
        ReplicaShell { Log: not null } replica => replica.ShownVersion,
        _ => null,
    };
}
