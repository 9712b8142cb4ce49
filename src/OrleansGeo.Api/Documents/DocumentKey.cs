namespace OrleansGeo.Api.Documents;

/// <summary>The grain key of a document: the collection, in which <c>%</c> and <c>/</c> are escaped, a slash, and the id as it is.</summary>
/// <remarks>
/// The first slash ends the collection, so no two names share a key, an id may have any characters, and the longest names (128 and 512
/// bytes) stay within the 1,024 bytes of a grain key. Keys are compared byte by byte: no case folding, no Unicode normalization.
/// </remarks>
internal static class DocumentKey
{
    public const int MaxCollectionBytes = 128;
    public const int MaxIdBytes = 512;

    public static string Of(string collection, string id) =>
        $"{collection.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal)}/{id}";
}
