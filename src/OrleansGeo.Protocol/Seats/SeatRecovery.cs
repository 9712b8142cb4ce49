using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>Makes the own log all that a majority ever had, under a new epoch: fences a majority, and takes the longest of their logs (<see cref="ShardRecovery"/>).</summary>
internal sealed class SeatRecovery(SeatConfig config, ISeatView view, SeatScript script, SeatChanges changes)
{
    private ShardRecovery? _recovery;
    private ShardHead _own = ShardHead.Empty;

    /// <summary>The own log can be opened as home's. Otherwise somebody else is to be home, or this region may not act any more.</summary>
    public bool IsWhole { get; private set; }

    public void Promised(RegionId region, ShardHead head, bool isProven) => _recovery?.Promised(region, head, isProven);

    public IEnumerable<SeatWait> Run(FencingToken token)
    {
        IsWhole = false;

        // The owner of a row recovers because its store forgot.
        var recovery = _recovery = new(token, config.Quorums, isOwnProven: !config.IsRow && view.IsStoreTrusted);
        script.Tell(new SeatEffect.AskPromises(token));
        try
        {
            yield return script.Ask(new SeatEffect.Promise(token));
            Owns(script.Outcome<ShardHead>());
            while (IsWanted(token))
            {
                switch (recovery.Next())
                {
                    case RecoveryStep.Open:
                        yield return script.Do(Suspect(recovery));

                        IsWhole = true;
                        yield break;
                    case RecoveryStep.Cut cut:
                        yield return script.Ask(new SeatEffect.Cut(token, cut.KeepThrough, cut.ForeignEpoch));
                        Owns(script.Outcome<ShardHead>());
                        break;
                    case RecoveryStep.Fetch fetch:
                        yield return script.Do(Fetch(recovery, fetch));

                        break;
                    case RecoveryStep.Yield yielded when config.IsRow:
                        // Nobody else may be home of a row shard: what is in no log any more is taken as records.
                        yield return script.Ask(new SeatEffect.TakeRecords(yielded.Region, token));
                        Owns(script.Outcome<ShardHead>());
                        break;
                    case RecoveryStep.Yield yielded:
                        script.Tell(new SeatEffect.Note(new SeatNote.Yields(yielded.Region)));
                        changes.GiveUp(new(token.Region, token.Epoch), yielded.Region);
                        yield break;
                    case RecoveryStep.Unreadable unreadable:
                        script.Tell(new SeatEffect.Note(new SeatNote.Unreadable(unreadable.Problem)));
                        if (config.IsRow)
                        {
                            // Nobody else may be home of a row shard.
                            changes.LookAt(script.Now + config.UnreadableAgainAfter);
                        }
                        else
                        {
                            changes.GiveUp(new(token.Region, token.Epoch), unreadable.Source);
                        }

                        yield break;
                    case RecoveryStep.Again or RecoveryStep.Lost:
                        yield break;
                    default:
                        yield return script.Until(script.Now + config.RetryAfter);
                        break;
                }
            }
        }
        finally
        {
            _recovery = null;
            script.Tell(new SeatEffect.StopAsking());
        }
    }

    private bool IsWanted(FencingToken token) => (config.IsRow || view.Generation > 0) && view.KnownEpoch <= token.Epoch;

    private void Owns(ShardHead head)
    {
        _own = head;
        _recovery!.Promised(config.Self, head);
    }

    private IEnumerable<SeatWait> Fetch(ShardRecovery recovery, RecoveryStep.Fetch fetch)
    {
        yield return script.Ask(new SeatEffect.ReadLog(fetch.Source, fetch.From));
        if (!script.TryOutcome<SeatPage>(out var page))
        {
            recovery.Failed(fetch.Source);
            yield return script.Until(script.Now + config.RetryAfter);
            yield break;
        }

        if (!recovery.Fetched(page.Head))
        {
            yield return script.Until(script.Now + config.RetryAfter);
            yield break;
        }

        var rows = page.Rows.RemoveAll(row => row.First <= _own.Last);
        if (!recovery.CanRead(fetch.Source, rows))
        {
            yield break;
        }

        yield return script.Ask(new SeatEffect.Append(recovery.Token, _own.Last, _own.LastEpoch, rows));
        var appended = script.Outcome<SeatAppended>();
        if (rows.IsEmpty || appended.Verdict is not (AppendVerdict.Stored or AppendVerdict.Fenced))
        {
            throw new SeatStepFailedException(
                $"Rows of {config.Shard} that {fetch.Source} sent do not follow entry {_own.Last} of epoch {_own.LastEpoch}: {appended.Verdict}.");
        }

        Owns(appended.Head);
    }

    /// <summary>
    /// What a region acknowledged alone, whose store did not answer or has what this one does not, is not lost for sure, and not safe either. The topology names those regions until a home
    /// has begun that noted them: so whatever is tried again is noted again, and a shard that this region never heard of is, too.
    /// </summary>
    private IEnumerable<SeatWait> Suspect(ShardRecovery recovery)
    {
        if (config.Map.FamilyOf(config.Index) != ShardFamily.Region)
        {
            yield break;
        }

        var shard = view.Decided[config.Index];
        foreach (var region in config.Map.Regions.All)
        {
            var isLeftBehind = shard.LeftBehind.Contains(config.Map.Regions.IndexOf(region)) || (shard.ReservedToken == recovery.Token && shard.Home.Region == region);
            if (isLeftBehind && region != config.Self && recovery.MissesOf(region, _own) is { } from)
            {
                yield return script.Ask(new SeatEffect.Suspect(region, recovery.Token.Epoch, from));
                script.Check();
                script.Tell(new SeatEffect.Note(new SeatNote.Suspects(region, recovery.Token.Epoch, from)));
            }
        }
    }
}
