using System.Text.Json;

namespace OrleansGeo.World.Drills.Entities;

/// <summary>The body of a drill's write.</summary>
/// <param name="Sequence">Counts the writes of one writer to one entity.</param>
/// <param name="Writer">Who counts; one writer has no name.</param>
internal sealed record DrillWrite(long Sequence, string Writer)
{
    private const int MaxNameLength = 128;
    private const string Example = "{\"seq\":1,\"writer\":\"westeurope\"}";

    /// <summary>Whether a text can name an entity or a writer.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <returns>The write, or null and what is wrong.</returns>
    public static (DrillWrite? Write, string? Error) Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } body)
        {
            return (null, $"The body must be a JSON object such as {Example}.");
        }

        if (!body.TryGetProperty("seq", out var seq) || seq.ValueKind != JsonValueKind.Number || !seq.TryGetInt64(out var sequence) || sequence is < 0 or > 1L << 53)
        {
            return (null, $"'seq' must be a whole number that is not negative: send {Example}.");
        }

        if (!body.TryGetProperty("writer", out var writer))
        {
            return (new(sequence, ""), null);
        }

        return writer.ValueKind == JsonValueKind.String && IsName(writer.GetString()!)
            ? (new(sequence, writer.GetString()!), null)
            : (null, $"'writer' must be 1 to {MaxNameLength} letters, digits, '-', '_' or '.': send {Example}, or none.");
    }
}
