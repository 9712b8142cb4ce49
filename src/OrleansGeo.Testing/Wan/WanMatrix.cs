using System.Collections.Frozen;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Testing;

/// <summary>Round trips between regions, in milliseconds. Immutable.</summary>
public sealed class WanMatrix
{
    /// <summary>The longest round trip: 60 s.</summary>
    public const double MaxRoundTripMs = 60_000;

    private const double UnpublishedRoundTripMs = 100;

    private readonly FrozenDictionary<(string From, string To), double> _roundTripMs;
    private readonly double _otherwiseMs;

    private WanMatrix(IEnumerable<KeyValuePair<(string From, string To), double>> roundTripMs, double otherwiseMs)
    {
        _roundTripMs = roundTripMs.ToFrozenDictionary();
        _otherwiseMs = otherwiseMs;
    }

    /// <summary>No delay.</summary>
    public static WanMatrix Off { get; } = new([], 0);

    /// <summary>Azure's published 95th percentiles of July 2026; 100 ms between regions that are not among them.</summary>
    /// <remarks>https://learn.microsoft.com/azure/networking/azure-network-latency</remarks>
    public static WanMatrix Azure { get; } = new(
        [
            Published("westeurope", "eastus2", 94),
            Published("westeurope", "southeastasia", 182),
            Published("eastus2", "southeastasia", 232),
            Published("westeurope", "westus2", 153),
            Published("westus2", "eastus2", 71),
            Published("westus2", "southeastasia", 165),
            Published("westeurope", "northeurope", 20),
            Published("westeurope", "uksouth", 13),
        ],
        UnpublishedRoundTripMs);

    /// <summary>
    /// Reads <c>azure</c>, <c>off</c>, or JSON such as <c>{"westeurope":{"eastus2":80}}</c>: round trips in milliseconds, the same
    /// back unless that is given too, and none between regions that are not named.
    /// </summary>
    /// <param name="text">The matrix.</param>
    /// <param name="regions">The regions of the world; JSON may name no other.</param>
    /// <exception cref="WanMatrixException">It is none of these.</exception>
    public static WanMatrix Parse(string text, IReadOnlyCollection<string> regions)
    {
        var trimmed = text.Trim();
        return trimmed switch
        {
            "azure" => Azure,
            "off" => Off,
            ['{', ..] => new WanMatrix(WanMatrixReader.Read(trimmed, regions), 0),
            _ => throw new WanMatrixException(
                $"'{text}' is not a WAN matrix: use azure, off, or JSON with round trips in milliseconds such as {{\"westeurope\":{{\"eastus2\":80}}}}."),
        };
    }

    /// <summary>How long a message takes from one region to the other: half of the round trip that is given for that direction.</summary>
    public double OneWayMs(RegionId from, RegionId to) =>
        from == to ? 0
        : _roundTripMs.TryGetValue((from.Name, to.Name), out var ms) || _roundTripMs.TryGetValue((to.Name, from.Name), out ms) ? ms / 2
        : _otherwiseMs / 2;

    private static KeyValuePair<(string From, string To), double> Published(string from, string to, double ms) => new((from, to), ms);
}
