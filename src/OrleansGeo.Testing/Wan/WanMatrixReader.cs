using System.Text.Json;

namespace OrleansGeo.Testing;

/// <summary>Reads the JSON form of a <see cref="WanMatrix"/>.</summary>
internal static class WanMatrixReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static Dictionary<(string From, string To), double> Read(string json, IReadOnlyCollection<string> regions)
    {
        using var document = Open(json);
        var roundTripMs = new Dictionary<(string From, string To), double>();
        foreach (var row in document.RootElement.EnumerateObject())
        {
            Require(row.Name, $"{row.Name}", regions);
            if (row.Value.ValueKind != JsonValueKind.Object)
            {
                throw new WanMatrixException(
                    $"WAN matrix, at {row.Name}: {row.Value.GetRawText()} is not a list of regions: write {{\"region\": milliseconds}}.");
            }

            foreach (var cell in row.Value.EnumerateObject())
            {
                roundTripMs[(row.Name, cell.Name)] = ReadCell(row.Name, cell, regions);
            }
        }

        return roundTripMs;
    }

    private static JsonDocument Open(string json)
    {
        try
        {
            return JsonDocument.Parse(json, Strict);
        }
        catch (JsonException exception)
        {
            var where = exception.LineNumber is { } line ? $", line {line + 1}, byte {exception.BytePositionInLine + 1}" : "";
            throw new WanMatrixException($"WAN matrix{where}: not valid JSON: {exception.Message}", exception);
        }
    }

    private static double ReadCell(string from, JsonProperty cell, IReadOnlyCollection<string> regions)
    {
        var where = $"{from}.{cell.Name}";
        Require(cell.Name, where, regions);
        if (cell.Name == from)
        {
            throw new WanMatrixException($"WAN matrix, at {where}: a region has no way to itself: leave it out.");
        }

        if (cell.Value.ValueKind != JsonValueKind.Number || !(cell.Value.GetDouble() is >= 0 and <= WanMatrix.MaxRoundTripMs and var ms))
        {
            throw new WanMatrixException(
                $"WAN matrix, at {where}: {cell.Value.GetRawText()} is not a round trip: use a number of milliseconds from 0 to {WanMatrix.MaxRoundTripMs}.");
        }

        return ms;
    }

    private static void Require(string name, string where, IReadOnlyCollection<string> regions)
    {
        if (!regions.Contains(name))
        {
            throw new WanMatrixException(
                $"WAN matrix, at {where}: '{name}' is no region of this world: use {string.Join(", ", regions)}.");
        }
    }
}
