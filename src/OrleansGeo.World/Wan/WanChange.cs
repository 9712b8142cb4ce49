using System.Text.Json;

namespace OrleansGeo.World.Wan;

/// <summary>A change of one half link, as posted to <c>/dev/wan</c>: what is absent keeps its value.</summary>
internal sealed record WanChange(string To, double? OneWayMs, double? Loss, bool? Cut)
{
    private const double MaxOneWayMs = 60_000;

    public WanRuleView ApplyTo(WanRuleView rule) => rule with
    {
        OneWayMs = OneWayMs ?? rule.OneWayMs,
        Loss = Loss ?? rule.Loss,
        Cut = Cut ?? rule.Cut,
    };

    /// <returns>The change, or null and what is wrong.</returns>
    public static (WanChange? Change, string? Error) Read(JsonElement json, string self, IReadOnlyCollection<string> peers)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, "The body must be a JSON object such as {\"to\":\"eastus2\",\"oneWayMs\":40,\"loss\":0.0,\"cut\":false}.");
        }

        string? to = null;
        double? oneWayMs = null;
        double? loss = null;
        bool? cut = null;
        foreach (var field in json.EnumerateObject())
        {
            string? error = null;
            switch (field.Name)
            {
                case "to": to = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : null; break;
                case "oneWayMs": oneWayMs = Number(field, MaxOneWayMs, ref error); break;
                case "loss": loss = Number(field, 1, ref error); break;
                case "cut": cut = Truth(field, ref error); break;
                default: error = $"There is no field '{field.Name}': use to, oneWayMs, loss and cut."; break;
            }

            if (error is not null)
            {
                return (null, error);
            }
        }

        return to is not null && peers.Contains(to)
            ? (new(to, oneWayMs, loss, cut), null)
            : (null, UnknownPeer(to, self, peers));
    }

    private static string UnknownPeer(string? to, string self, IReadOnlyCollection<string> peers)
    {
        var names = peers.Count == 0 ? "this world has no other region" : $"use {string.Join(" or ", peers)}";
        return to is null ? $"'to' must name a peer region: {names}."
            : to == self ? $"'{to}' is this region itself, it has no link to itself: {names}."
            : $"There is no region '{to}': {names}.";
    }

    private static double? Number(JsonProperty field, double max, ref string? error)
    {
        if (field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetDouble(out var number) && number >= 0 && number <= max)
        {
            return number;
        }

        error = FormattableString.Invariant($"'{field.Name}' must be a number from 0 to {max}.");
        return null;
    }

    private static bool? Truth(JsonProperty field, ref string? error)
    {
        if (field.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return field.Value.GetBoolean();
        }

        error = $"'{field.Name}' must be true or false.";
        return null;
    }
}
