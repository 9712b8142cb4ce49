using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OrleansGeo.Api.Documents;

/// <summary>JSON merge patch (RFC 7396), in time linear in both documents.</summary>
/// <remarks>
/// Names and values are copied as they were written: numbers keep their digits and strings their escapes, so that a patch changes, and
/// grows, only what it names. Both documents must have been checked (<see cref="Requests.JsonBody"/>).
/// </remarks>
internal static class MergePatch
{
    /// <summary>The patched document. What the patch does not name stays as it is, in its order; what it adds follows in the patch's order.</summary>
    public static byte[] Apply(ReadOnlyMemory<byte> document, ReadOnlyMemory<byte> patch, int maxDepth)
    {
        var reading = new JsonDocumentOptions { MaxDepth = maxDepth };
        using var target = JsonDocument.Parse(document, reading);
        using var changes = JsonDocument.Parse(patch, reading);
        var result = new ArrayBufferWriter<byte>(document.Length + patch.Length);
        Write(result, target.RootElement, changes.RootElement);
        return result.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> result, JsonElement? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            result.Write(JsonMarshal.GetRawUtf8Value(patch));
            return;
        }

        var changes = patch.EnumerateObject().ToDictionary(static change => change.Name, static change => change.Value);
        var isFirst = true;
        result.Write("{"u8);
        if (target is { ValueKind: JsonValueKind.Object } members)
        {
            WriteMembers(result, members, changes, ref isFirst);
        }

        foreach (var added in patch.EnumerateObject())
        {
            if (added.Value.ValueKind != JsonValueKind.Null && changes.ContainsKey(added.Name))
            {
                WriteName(result, added, ref isFirst);
                Write(result, null, added.Value);
            }
        }

        result.Write("}"u8);
    }

    /// <summary>Writes the target's members as the patch leaves them, and takes from <paramref name="changes"/> what that used up.</summary>
    private static void WriteMembers(ArrayBufferWriter<byte> result, JsonElement members, Dictionary<string, JsonElement> changes, ref bool isFirst)
    {
        foreach (var member in members.EnumerateObject())
        {
            if (!changes.Remove(member.Name, out var change))
            {
                WriteName(result, member, ref isFirst);
                result.Write(JsonMarshal.GetRawUtf8Value(member.Value));
            }
            else if (change.ValueKind != JsonValueKind.Null)
            {
                WriteName(result, member, ref isFirst);
                Write(result, member.Value, change);
            }
        }
    }

    private static void WriteName(ArrayBufferWriter<byte> result, JsonProperty member, ref bool isFirst)
    {
        result.Write(isFirst ? "\""u8 : ",\""u8);
        result.Write(JsonMarshal.GetRawUtf8PropertyName(member));
        result.Write("\":"u8);
        isFirst = false;
    }
}
