using Azure;
using Azure.Data.Tables;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>What became of a transaction.</summary>
/// <param name="Applied">Whether it took effect. If not, it will not from now on: its condition can never hold again.</param>
/// <param name="Anchor">Its first row as it was read back; null when there is none, or when nothing had to be read.</param>
/// <param name="ETags">Of its rows, in their order; empty when the answer was lost.</param>
internal readonly record struct CommitResult(bool Applied, TableEntity? Anchor, IReadOnlyList<ETag> ETags)
{
    /// <summary>The ETag of the first row after it was applied.</summary>
    public ETag AnchorETag => ETags.Count > 0 ? ETags[0] : Anchor?.ETag ?? default;

    /// <summary>The ETag of a further row; the default when it is not known.</summary>
    public ETag ETagAt(int index) => index < ETags.Count ? ETags[index] : default;
}
