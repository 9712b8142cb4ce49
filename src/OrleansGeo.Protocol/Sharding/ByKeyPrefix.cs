using OrleansGeo.Protocol.Topology;

namespace OrleansGeo;

/// <summary><c>westeurope~cart-7</c> belongs to West Europe; a key without the name of a region before <c>~</c> is hashed.</summary>
public sealed class ByKeyPrefix : IHomePolicy
{
    /// <inheritdoc/>
    public HomeChoice Choose(ReadOnlySpan<byte> key, WorldRegions regions)
    {
        var tilde = key.IndexOf((byte)'~');
        var region = tilde < 0 ? -1 : regions.IndexOf(key[..tilde]);
        return region < 0 ? HomeChoice.HashOf(key) : HomeChoice.In(region, key);
    }
}
