using Orleans.Placement;
using Orleans.Runtime.Placement;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Replication;

/// <summary>Answers the probes of other regions. Its key is the silo that it speaks for, or <see cref="Anywhere"/>.</summary>
[GrainType("orleansgeo.probe")]
[PreferLocalPlacement]
internal sealed class ProbeGrain(LocalShards locals, CurrentTopology topology, RowProgress rows, ILocalSiloDetails silo, ISiloStatusOracle silos, IGrainFactory grains) : Grain, IProbeGrain
{
    /// <summary>The key of the one that other regions ask.</summary>
    public const string Anywhere = "any";

    public async ValueTask<ProbeReply> Ask()
    {
        var reply = await AskSilo();
        foreach (var other in silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(other => !other.Equals(silo.SiloAddress)))
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, other);
            reply = reply.With(await grains.GetGrain<IProbeGrain>(other.ToParsableString()).AskSilo());
        }

        return reply;
    }

    /// <summary>The lease is asked for after the positions: who holds it then was home when they were read (invariant 10).</summary>
    public ValueTask<ProbeReply> AskSilo()
    {
        var map = topology.Value.Map;
        var homes = locals.All.OfType<HomeShard>().Where(static home => home is { IsOpen: true, IsHandingOver: false }).ToList();
        var reply = new ProbeReply(
            [.. homes.Select(home => map.IndexOf(home.Id))],
            [.. homes.Select(static home => home.Home.Epoch)],
            [.. homes.Select(static home => home.AcknowledgedAtMost.Value)],
            RowPositions.Empty);
        var isHome = homes.All(static home => home is { IsHandingOver: false, MayAct: true });
        return new((isHome ? reply : ProbeReply.Empty) with { Rows = rows.Report() });
    }
}
