using OrleansGeo.Api.LostWrites;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.World.Drills.Load;

namespace OrleansGeo.World.Drills.Judging;

/// <summary>Which missing writes the ledger accounts for.</summary>
internal static class LedgerAudit
{
    /// <summary>The request id under which the ledger lists a write.</summary>
    public static string RequestOf(WriteRecord write) => RequestId.FromKey(write.Key).ToString();

    /// <summary>Those that no ledger lists by their request id.</summary>
    public static IEnumerable<WriteRecord> Unlisted(IEnumerable<WriteRecord> missing, LostWritesView ledger)
    {
        var listed = ledger.Items.Select(static item => item.Request).ToHashSet();
        return missing.Where(write => !listed.Contains(RequestOf(write)));
    }

    /// <summary>Those of a shard that nobody is suspected to have lost writes of: for the time until the region is back.</summary>
    public static IEnumerable<WriteRecord> Unsuspected(IEnumerable<WriteRecord> missing, LostWritesView ledger, string region)
    {
        var suspected = ledger.Suspected.Where(loss => loss.Region == region).Select(static loss => loss.Shard).ToHashSet();
        return Unlisted(missing, ledger).Where(write => !suspected.Contains(write.Target.Shard));
    }
}
