using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Protocol.Types;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Types;

/// <summary>
/// What the region last knew to be decided of the world's grain types, in its own store: with that a silo starts and serves when no majority of regions answers.
/// The store's acceptor would not do: what it accepted may never have been decided.
/// </summary>
internal sealed class KnownTypes(IRegionStore store)
{
    /// <summary>A register of this store alone: no other region has an acceptor of it.</summary>
    private const string Register = "types/known";

    public async Task<RecordedTypes> ReadAsync(CancellationToken cancellationToken) =>
        RecordedTypesCodec.Decode((await store.TakeAsync(Register, new RegisterMessage.Read(), cancellationToken)).State.Value);

    /// <summary>Notes a decided value. Values only grow, so the larger one is the newer: a silo that is late does not take back what another one noted.</summary>
    public Task NoteAsync(RegionId self, RecordedTypes decided, CancellationToken cancellationToken)
    {
        var ballot = new Ballot(decided.Count, self, 0);
        return store.TakeAsync(Register, new RegisterMessage.Accept(ballot, RecordedTypesCodec.Encode(decided), ballot), cancellationToken);
    }
}
