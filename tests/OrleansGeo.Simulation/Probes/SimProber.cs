using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation.Probes;

/// <summary>Asks every other region again and again where the logs stand that are at home there, and tells the replicas of this one.</summary>
internal sealed class SimProber(SimWorld world, SimRegion region)
{
    private readonly (TimeSpan Asked, RecordVersion Position)?[] _answers = new (TimeSpan, RecordVersion)?[world.ShardCount];
    private readonly int _run = region.Runs;

    private bool IsAlive => region.IsUp && region.Runs == _run;

    public void Start() => world.Events.After(world.Chance.Between(1, world.Config.ProbeMilliseconds * 1_000), () => region.Run(() =>
    {
        if (IsAlive)
        {
            Ask();
            Start();
        }
    }));

    /// <summary>A replica that opens: what its home said last counts for it too.</summary>
    public void Tell(int shard, ReplicaShell replica)
    {
        if (_answers[shard] is { } answer)
        {
            replica.Answered(answer.Asked, answer.Position);
        }
    }

    private void Ask()
    {
        foreach (var other in world.Regions.Where(other => other != region))
        {
            var asked = region.Now;
            world.Network.Send(region.Index, other.Index, "probe", () => Answer(other, (reply, rows) =>
                world.Network.Send(other.Index, region.Index, $"probed: {reply.Count} shards", () =>
                {
                    if (IsAlive)
                    {
                        region.Rows!.Reported(other.Index, rows);
                        Learn(world.Config.Fault == SimFault.StalenessCountedFromAnswer ? region.Now : asked, reply);
                    }
                })));
        }
    }

    /// <summary>The lease is asked for after the positions: who holds it then was home when they were read.</summary>
    private void Answer(SimRegion other, Action<Dictionary<int, RecordVersion>, RecordVersion?[]> reply)
    {
        // Every activation is asked: while there are two, either may have acknowledged what the other does not know of.
        // And while any of them hands the shard over, or none that is current is home, none says where it stands: stricter than the product where a region has
        // several silos.
        var homes = other.AllShells.OfType<HomeShell>().Where(home => IsSure(other, home)).ToList();
        var positions = new Dictionary<int, RecordVersion>();
        foreach (var home in homes)
        {
            var position = new RecordVersion(home.Token.Epoch, home.AcknowledgedAtMost);
            positions[home.Index] = positions.TryGetValue(home.Index, out var known) && known > position ? known : position;
        }

        var run = other.Runs;
        world.Events.After(world.Chance.Between(10, 2_000), () => other.Run(() =>
        {
            if (other.IsUp && other.Runs == run)
            {
                reply(homes.TrueForAll(home => IsSure(other, home)) ? positions : [], other.Rows!.Report());
            }
        }));
    }

    private static bool IsSure(SimRegion other, HomeShell home) => home.WouldServe
        && other.Seats[home.Index]?.Home is { WouldServe: true }
        && other.AllShells.OfType<HomeShell>().All(shell => !shell.IsFor(home.Index) || !shell.IsHandingOver);

    private void Learn(TimeSpan asked, Dictionary<int, RecordVersion> positions)
    {
        foreach (var (shard, position) in positions)
        {
            _answers[shard] = (asked, position);
            if (region.Shells[shard] is ReplicaShell replica)
            {
                replica.Answered(asked, position);
            }
        }
    }
}
