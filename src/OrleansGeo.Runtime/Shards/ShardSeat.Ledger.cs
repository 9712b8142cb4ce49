using System.Globalization;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Failover;

namespace OrleansGeo.Runtime.Shards;

/// <summary>What the ledgers of other regions ask of a home.</summary>
internal sealed partial class ShardSeat
{
    public async Task<ReplayOutcome> ReplayAsync(ReplayWire lost)
    {
        if (_home is not { IsHandingOver: false } home)
        {
            return ReplayOutcome.NotNow;
        }

        if (home.TryFindAnswer(lost.Entity, lost.Request, out _))
        {
            return ReplayOutcome.Superseded;
        }

        var record = await home.HoldAsync(lost.Entity);
        try
        {
            var version = record.Current!.Version;
            if (version.Epoch > lost.Epoch && !lost.Overwrite)
            {
                return ReplayOutcome.Changed;
            }

            var changes = lost.Names.Zip(lost.States, static (name, bytes) => new StateChange(name, bytes is null ? default(ReadOnlyMemory<byte>?) : bytes));
            var staged = home.Stage(new(record, version, lost.Request, lost.Fingerprint, [.. changes], lost.Answer), out _);
            if (staged.Verdict == StageVerdict.Repeated)
            {
                return ReplayOutcome.Superseded;
            }

            if (staged.Verdict != StageVerdict.Staged)
            {
                return ReplayOutcome.NotNow;
            }

            await home.WhenAcknowledgedAsync(staged.Position);
            return ReplayOutcome.Replayed;
        }
        finally
        {
            home.Release(record);
        }
    }

    public bool[] Knows(string[] entities, string[] requests) => _home is { } home
        ? [.. entities.Zip(requests, (entity, request) => home.TryFindAnswer(entity, Parse(request), out _))]
        : new bool[entities.Length];

    public bool HasSettled(string region)
    {
        if (region == _silo.Self.Name)
        {
            // It is home itself: it has nothing else any more.
            return _home is not null;
        }

        var links = _silo.Links.All;
        for (var i = 0; i < links.Length; i++)
        {
            if (links[i].Peer.Name == region)
            {
                return _home is { } home && home.HasSettled(i);
            }
        }

        return false;
    }

    private static RequestId Parse(string request) => new(
        ulong.Parse(request.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        ulong.Parse(request.AsSpan(16), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
