using System.Text.Json.Nodes;

namespace OrleansGeo.Tests.Infra.Rules;

/// <summary>Something that is true of every world that the template can make.</summary>
/// <param name="Name">What is true.</param>
/// <param name="Problems">Where it is not.</param>
/// <param name="Break">Makes a template of which it is not true: the rule must notice.</param>
internal sealed record Rule(string Name, Func<ExpandedTemplate, IEnumerable<string>> Problems, Action<ExpandedTemplate> Break)
{
    public static IReadOnlyDictionary<string, Rule> All { get; } =
        NetworkRules.All.Concat(AccessRules.All).Concat(SiloRules.All).Concat(EdgeRules.All).ToDictionary(static rule => rule.Name);

    /// <summary>Every resource of a type has this value at this place; to break it, the first of them gets another.</summary>
    public static Rule Of(string name, string type, string path, string expected, JsonNode broken) => new(
        name,
        template => template.Of(type)
            .Where(resource => !string.Equals(resource.TextAt(path), expected, StringComparison.OrdinalIgnoreCase))
            .Select(resource => $"{resource.Id()}: {path} is '{resource.TextAt(path)}', not '{expected}'.")
            .Concat(template.Of(type).Any() ? [] : [$"There is no {type}."]),
        template => Set(template.Of(type).First(), path, broken));

    public static void Set(JsonNode resource, string path, JsonNode? value)
    {
        var cut = path.LastIndexOf('.');
        var parent = cut < 0 ? resource["properties"]! : resource.At(path[..cut])!;
        parent[path[(cut + 1)..]] = value;
    }
}
