using OrleansGeo.Runtime.Storage;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Api.LostWrites;

/// <summary>The ledger, in the shape of the web API.</summary>
internal static class LostWriteViews
{
    public static LostWritesView All(Runtime.World.LostWrites ledger) => new(
        [.. ledger.Items.Select(One)],
        [.. ledger.Suspected.Select(static loss => new SuspectedLossView(loss.Shard.Name, loss.Region.Name, loss.Epoch, loss.FromPosition))],
        [.. ledger.Unreachable.Select(static region => region.Name)]);

    public static LostWriteView One(LostWrite write) => new(
        write.Id,
        write.Region.Name,
        write.Shard.Name,
        write.Entity,
        write.Request.Length == 0 ? null : write.Request,
        write.Epoch,
        write.Position,
        write.States,
        State(write.State));

    private static string State(LedgerState state) => state switch
    {
        LedgerState.Replayed => "replayed",
        LedgerState.Discarded => "discarded",
        LedgerState.Superseded => "superseded",
        _ => "lost",
    };
}
