using OrleansGeo.Operations;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Storage;

namespace OrleansGeo.Api.LostWrites;

/// <summary>The ledger, in the shape of the web API.</summary>
internal static class LostWriteViews
{
    public static LostWritesView All(Operations.LostWrites ledger) => new(
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

    private static string State(LostWriteState state) => state switch
    {
        LostWriteState.Replayed => "replayed",
        LostWriteState.Discarded => "discarded",
        LostWriteState.Superseded => "superseded",
        _ => "lost",
    };
}
