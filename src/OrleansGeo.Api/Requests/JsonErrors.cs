using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OrleansGeo.Api.Requests;

/// <summary>Says what is wrong with bytes that should be one JSON value, and where.</summary>
/// <remarks>
/// RFC 8259 with the stricter rules of I-JSON (RFC 7493): UTF-8 without a byte order mark, no lone surrogates, no name twice in an object.
/// Whatever passes here means the same to every reader in every region.
/// </remarks>
internal static class JsonErrors
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Null when nothing is wrong.</summary>
    public static string? Find(ReadOnlySpan<byte> json, int maxDepth)
    {
        if (json.IsEmpty)
        {
            return "The body is empty: send one JSON value.";
        }

        if (json.StartsWith(ByteOrderMark))
        {
            return "The body starts with a byte order mark: send UTF-8 without one.";
        }

        return Utf8.IsValid(json) ? FindInTokens(json, maxDepth) : $"The body is not UTF-8 at {Place(json, FirstInvalid(json))}.";
    }

    private static string? FindInTokens(ReadOnlySpan<byte> json, int maxDepth)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        var names = new Stack<HashSet<string>?>();
        try
        {
            while (reader.Read())
            {
                if (FindInToken(ref reader, names) is { } error)
                {
                    return $"{error} at {Place(json, (int)reader.TokenStartIndex)}.";
                }
            }

            return null;
        }
        catch (JsonException malformed)
        {
            return $"The body is not JSON: {Sentence(malformed)} At line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}.";
        }
    }

    private static string? FindInToken(ref Utf8JsonReader reader, Stack<HashSet<string>?> names)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                names.Push(null);
                return null;
            case JsonTokenType.EndObject:
                names.Pop();
                return null;
            case JsonTokenType.PropertyName:
                return Text(ref reader) is not { } name ? "A name has half a surrogate pair"
                    : IsNew(name, names) ? null
                    : $"The name '{(name.Length <= 64 ? name : name[..64] + "…")}' stands twice in one object";
            case JsonTokenType.String when reader.ValueIsEscaped:
                return Text(ref reader) is null ? "A string has half a surrogate pair" : null;
            default:
                return null;
        }
    }

    private static bool IsNew(string name, Stack<HashSet<string>?> names)
    {
        var seen = names.Pop() ?? [];
        names.Push(seen);
        return seen.Add(name);
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Well-formed UTF-8 was checked before, so only an escape like \uD800 without its other half comes here.
            return null;
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> json)
    {
        var index = 0;
        while (Rune.DecodeFromUtf8(json[index..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            index += length;
        }

        return index;
    }

    private static string Place(ReadOnlySpan<byte> json, int index)
    {
        var before = json[..index];
        return $"line {before.Count((byte)'\n') + 1}, byte {index - (before.LastIndexOf((byte)'\n') + 1) + 1}";
    }

    // The reader appends its own, zero-based position.
    private static string Sentence(JsonException malformed)
    {
        var end = malformed.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? malformed.Message : malformed.Message[..end];
    }
}
