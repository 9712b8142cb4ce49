using System.Collections.Immutable;
using System.Text.Json;
using OrleansGeo.World.Airports;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Replay;

/// <summary>The flights to replay: a JSON array of flight records.</summary>
internal static class FlightsFile
{
    /// <exception cref="WorldException">The file is missing, or holds something else; the message says which record.</exception>
    public static ImmutableArray<FlightRecord> Read(string path) =>
        Parse(DataFile.Read(path, "flights", DataFile.FlightsInPackage), path);

    public static ImmutableArray<FlightRecord> Parse(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() == 0)
            {
                throw WorldException.Usage($"'{path}' is not a list of flight records.");
            }

            return [.. document.RootElement.EnumerateArray().Select((element, index) => ParseOne(element, index, path))];
        }
        catch (JsonException exception)
        {
            throw WorldException.Usage($"'{path}' is not JSON: {exception.Message}");
        }
    }

    private static FlightRecord ParseOne(JsonElement element, int index, string path)
    {
        var (flight, error) = FlightRecordReader.Read(element);
        return flight ?? throw WorldException.Usage($"'{path}', flight {index}: {error}.");
    }
}
