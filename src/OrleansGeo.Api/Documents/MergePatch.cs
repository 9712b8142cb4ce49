using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansGeo.Api.Documents;

/// <summary>JSON merge patch (RFC 7396), in time linear in both documents.</summary>
internal static class MergePatch
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The patched document. What the patch does not name stays as it is, in its order; what it adds follows in the patch's order.</summary>
    public static byte[] Apply(ReadOnlyMemory<byte> document, ReadOnlyMemory<byte> patch, int maxDepth)
    {
        var reading = new JsonDocumentOptions { MaxDepth = maxDepth };
        using var target = JsonDocument.Parse(document, reading);
        using var changes = JsonDocument.Parse(patch, reading);
        var buffer = new ArrayBufferWriter<byte>(document.Length + patch.Length);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            Write(writer, target.RootElement, changes.RootElement);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            patch.WriteTo(writer);
            return;
        }

        var changes = patch.EnumerateObject().ToDictionary(static change => change.Name, static change => change.Value);
        writer.WriteStartObject();
        if (target is { ValueKind: JsonValueKind.Object } members)
        {
            WriteMembers(writer, members, changes);
        }

        foreach (var added in patch.EnumerateObject())
        {
            if (added.Value.ValueKind != JsonValueKind.Null && changes.ContainsKey(added.Name))
            {
                writer.WritePropertyName(added.Name);
                Write(writer, null, added.Value);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the target's members as the patch leaves them, and takes from <paramref name="changes"/> what that used up.</summary>
    private static void WriteMembers(Utf8JsonWriter writer, JsonElement members, Dictionary<string, JsonElement> changes)
    {
        foreach (var member in members.EnumerateObject())
        {
            if (!changes.Remove(member.Name, out var change))
            {
                member.WriteTo(writer);
            }
            else if (change.ValueKind != JsonValueKind.Null)
            {
                writer.WritePropertyName(member.Name);
                Write(writer, member.Value, change);
            }
        }
    }
}
