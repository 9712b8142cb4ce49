using Orleans.Placement;
using Orleans.Runtime.Placement;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Freshness;

/// <summary>Answers the probes of other regions. Its key is the silo that it speaks for, or <see cref="Anywhere"/>.</summary>
[GrainType("orleansgeo.probe")]
[PreferLocalPlacement]
internal sealed class ProbeGrain(
    LocalShards locals, CurrentTopology topology, RowProgress rows, ILocalSiloDetails silo, ISiloStatusOracle silos, IGrainFactory grains, TimeProvider time) : Grain, IProbeGrain
{
    /// <summary>How long a silo is waited for that did not owe an answer before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>The key of the one that other regions ask.</summary>
    public const string Anywhere = "any";

    /// <summary>The questions under way, of silos that did not answer in time.</summary>
    private readonly Dictionary<SiloAddress, Task<ProbeReply>> _owed = [];

    /// <remarks>A silo that does not answer is left out, so that what is known of the others' shards does not get old with its own.</remarks>
    public async ValueTask<ProbeReply> Ask()
    {
        var asked = Others().Where(other => !_owed.TryGetValue(other, out var owed) || owed.IsCompleted).ToDictionary(static other => other, AskOther);
        var reply = await AskSilo();
        if (asked.Count > 0)
        {
            // Of the plain type: only that can be awaited without throwing.
            Task all = Task.WhenAll(asked.Values);
            all.Ignore();
            await all.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        foreach (var (other, answer) in asked)
        {
            if (answer.IsCompletedSuccessfully)
            {
                reply = reply.With(answer.Result);
            }

            Owe(other, answer);
        }

        return reply;
    }

    private IEnumerable<SiloAddress> Others() => silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(other => !other.Equals(silo.SiloAddress));

    private Task<ProbeReply> AskOther(SiloAddress other)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, other);
        return grains.GetGrain<IProbeGrain>(other.ToParsableString()).AskSilo().AsTask();
    }

    private void Owe(SiloAddress other, Task<ProbeReply> answer)
    {
        if (answer.IsCompleted)
        {
            _owed.Remove(other);
        }
        else
        {
            answer.Ignore();
            _owed[other] = answer;
        }
    }

    /// <summary>Whether it speaks for the silo that it is on. One that was wanted while its silo was about to join is placed elsewhere.</summary>
    private bool IsInPlace => this.GetPrimaryKeyString() is var key && (key == Anywhere || key == silo.SiloAddress.ToParsableString());

    /// <summary>The lease is asked for after the positions: who holds it then was home when they were read (invariant 10).</summary>
    public ValueTask<ProbeReply> AskSilo()
    {
        if (!IsInPlace)
        {
            // It would answer for another silo for as long as it is asked. The next one is placed anew.
            DeactivateOnIdle();
            return new(ProbeReply.Empty);
        }

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
