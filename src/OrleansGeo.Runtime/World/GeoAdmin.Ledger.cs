using OrleansGeo.Abstractions.Errors;

namespace OrleansGeo.Runtime.World;

internal sealed partial class GeoAdmin
{
    public Task<LostWrites> GetLostWritesAsync(CancellationToken cancellationToken = default) => Task.FromResult(new LostWrites([], [], []));

    public Task<LostWrite> ReplayAsync(string id, bool overwrite, CancellationToken cancellationToken = default) => throw Unknown(id);

    public Task<LostWrite> DiscardAsync(string id, CancellationToken cancellationToken = default) => throw Unknown(id);

    private static GeoException Unknown(string id) => new(new(
        GeoErrorCode.UnknownLostWrite, $"No ledger that can be reached has a lost write '{id}': GET /v1/geo/lost-writes lists them. Nothing happened."));
}
