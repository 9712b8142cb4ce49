using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Cli;

/// <summary>The <c>--regions</c> option: <c>name=port,…</c> or a JSON file <c>{"name": port}</c>, in the world's order.</summary>
internal static class RegionList
{
    private const int MaxRegions = 9;
    private const int MaxPort = 65_535;

    public static ImmutableArray<RegionPort> Default { get; } = [new("westeurope", 5101), new("eastus2", 5102), new("southeastasia", 5103)];

    /// <exception cref="WorldException">What is wrong, in one line.</exception>
    public static ImmutableArray<RegionPort> Parse(string text)
    {
        var regions = File.Exists(text) ? ReadFile(text) : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne)];
        if (regions.Length is 0 or > MaxRegions)
        {
            throw WorldException.Usage($"--regions names {regions.Length} regions: a world has 1 to {MaxRegions}.");
        }

        if (regions.GroupBy(static region => region.Name).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            throw WorldException.Usage($"--regions names '{twice.Key}' twice: name each region once.");
        }

        return regions;
    }

    public static string Describe(ImmutableArray<RegionPort> regions) => string.Join(',', regions.Select(static region => $"{region.Name}={region.HttpPort}"));

    private static RegionPort ParseOne(string text) => text.Split('=', StringSplitOptions.TrimEntries) is [var name, var port]
        ? Create(name, port)
        : throw WorldException.Usage($"--regions '{text}' is neither name=port nor a file: write for example {Describe(Default)}.");

    private static ImmutableArray<RegionPort> ReadFile(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. json.RootElement.EnumerateObject().Select(static region => Create(region.Name, region.Value.ToString()))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw WorldException.Usage($"The world file '{path}' is not a JSON object such as {{\"westeurope\": 5101, \"eastus2\": 5102}}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WorldException.Usage($"Cannot read the world file '{path}': {exception.Message}");
        }
    }

    private static RegionPort Create(string name, string port)
    {
        if (!RegionId.IsValid(name))
        {
            throw WorldException.Usage(
                $"--regions: '{name}' is not a region name: use 1 to {RegionId.MaxLength} characters a-z, 0-9 and '-', starting with a letter.");
        }

        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MaxPort
            ? new(name, number)
            : throw WorldException.Usage($"--regions: '{port}' is not a port for {name}: use 1 to {MaxPort}.");
    }
}
