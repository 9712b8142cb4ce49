using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Stores;

namespace OrleansGeo.Simulation.Shells;

/// <summary>A shard that was allotted to this region: makes its log whole, then becomes its home.</summary>
internal sealed class RecoveryShell : ShardShell
{
    private readonly ShardRecovery _recovery;
    private readonly FencingToken _token;
    private bool _busy;

    public RecoveryShell(SimWorld world, SimRegion region, int shard, FencingToken token)
        : base(world, region, shard)
    {
        _token = token;
        _recovery = new(token, world.Config.Fault == SimFault.PromiseMajorityOffByOne ? Smaller(world.Map) : world.Map, world.IsRow(shard));
    }

    public override bool MayGoOn() => Region.MayOpen(Shard, _token);

    public override void Open()
    {
        World.Trace($"{Name}: recovers as {_token}");
        Ask();
    }

    public override void Tick()
    {
    }

    public override void LetGo(Protocol.Records.LiveRecord live)
    {
    }

    /// <summary>A map of two regions less: its majority is one less.</summary>
    private static ShardMap Smaller(ShardMap map) => new(new([.. map.Regions.All.Take(Math.Max(1, map.Regions.Count - 2))]), 1, 1, new());

    private void Ask()
    {
        foreach (var other in World.Regions)
        {
            if (_recovery.Has(other.Id))
            {
                continue;
            }

            World.Network.Send(Region.Index, other.Index, $"promise {_token} for shard {Shard}", () => other.Promise(Shard, _token, head =>
                World.Network.Send(other.Index, Region.Index, $"promised {head.Promised} for shard {Shard}, log ends at {head.LastEpoch}.{head.Last}", () => Promised(other.Id, head))));
        }

        After(World.Chance.Between(40_000, 80_000), Ask);
    }

    private void Promised(RegionId from, ShardHead head)
    {
        // A promise that comes late shows a log that may have been read from since: only the own one changes.
        if (IsAlive && !_recovery.Has(from))
        {
            _recovery.Promised(from, head);
            Go();
        }
    }

    private void Go()
    {
        if (!IsAlive || _busy)
        {
            return;
        }

        var step = _recovery.Next();
        if (step is not RecoveryStep.Wait)
        {
            World.Trace($"{Name}: {_token} recovery: {step}");
        }

        switch (step)
        {
            case RecoveryStep.Open:
                Region.Become(new HomeShell(World, Region, Shard, _token, null), Shard);
                break;
            case RecoveryStep.Cut cut:
                Step("cut", () => Region.Store.Cut(Shard, _token, cut.KeepThrough, cut.ForeignEpoch));
                break;
            case RecoveryStep.Fetch fetch:
                Fetch(fetch);
                break;
            case RecoveryStep.Yield yield when World.IsRow(Shard):
                TakeBack(World.Regions[World.IndexOf(yield.Region)]);
                break;
            case RecoveryStep.Yield yield:
                Region.Reallot(Shard, new(_token.Region, _token.Epoch), yield.Region);
                break;
            case RecoveryStep.Lost lost:
                Region.Shown(Shard, lost.Promised.Epoch);
                Reactivate($"{lost.Promised} was promised");
                break;
        }
    }

    private void Fetch(RecoveryStep.Fetch fetch)
    {
        _busy = true;
        var answered = false;
        var source = World.Regions[World.IndexOf(fetch.Source)];
        World.Network.Send(Region.Index, source.Index, $"fetch of shard {Shard} from {fetch.From}", () => source.Fetch(Shard, fetch.From, page =>
            World.Network.Send(source.Index, Region.Index, $"{page.Rows.Length} rows of shard {Shard}", () =>
            {
                if (IsAlive && !answered)
                {
                    answered = true;
                    Take(fetch.From, page.Rows, page.Head);
                }
            })));
        After(World.Chance.Between(40_000, 120_000), () =>
        {
            if (!answered)
            {
                answered = true;
                Again();
            }
        });
    }

    /// <summary>Nobody else may be home of a row shard: what is in no log any more is taken as records.</summary>
    private void TakeBack(SimRegion source)
    {
        _busy = true;
        var answered = false;
        World.Network.Send(Region.Index, source.Index, $"records of shard {Shard}?", () =>
        {
            var copy = new Guid((int)World.Chance.Next(), 1, 0, new byte[8]);
            World.Checks.Logs.CopyBegins(copy, source.Index, Shard);
            var (head, records) = (source.Store[Shard].Head, source.Store.ReadRecords(Shard, null, int.MaxValue));
            World.Network.Send(source.Index, Region.Index, $"{records.Length} records of shard {Shard}", () =>
            {
                if (IsAlive && !answered)
                {
                    answered = true;
                    Step("take records back", () => StoreCopies.TakeBack(World, Region.Index, Shard, _token, source.Index, copy, head, records));
                }
            });
        });
        After(World.Chance.Between(40_000, 120_000), () =>
        {
            if (!answered)
            {
                answered = true;
                Again();
            }
        });
    }

    private void Take(LogPosition from, ImmutableArray<LogRow> rows, ShardHead source)
    {
        if ((!_recovery.Fetched(source) && Fault != SimFault.FetchWithoutPromise) || rows.IsEmpty || rows[0].First != from)
        {
            Again();
            return;
        }

        // All regions are of one version here.
        SimViolation.Unless(_recovery.CanRead(Region.Id, rows), $"{Name}: rows from {from} on cannot be read.");
        var head = Region.Store[Shard].Head;
        Step("append what was fetched", () => Region.Store.Append(Shard, isHome: true, _token, from.Previous, head.Epochs.EpochAt(from.Previous), rows).Head);
    }

    private void Step(string what, Func<ShardHead> effect)
    {
        _busy = true;
        Store($"{what} for {_token}", writes: true, effect, head =>
        {
            _busy = false;
            _recovery.Promised(Region.Id, head);
            Go();
        }, Again);
    }

    /// <summary>It is not known how far that came: ask the own store, which says.</summary>
    private void Again()
    {
        _busy = true;
        After(World.Chance.Between(5_000, 20_000), () => Step("promise", () => Region.Store.Promise(Shard, _token)));
    }
}
