using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrleansGeo.Tests.Infra;

/// <summary>How resources of an expanded template are read.</summary>
internal static partial class ResourceExtensions
{
    public static string Id(this JsonNode resource) => (string)resource["id"]!;

    public static string Name(this JsonNode resource) => (string)resource["name"]!;

    /// <summary>A part below <c>properties</c>; null: it is not there.</summary>
    public static JsonNode? At(this JsonNode resource, string path) =>
        path.Split('.').Aggregate(resource["properties"], static (node, part) => int.TryParse(part, out var index) ? node?.AsArray().ElementAtOrDefault(index) : node?[part]);

    public static string? TextAt(this JsonNode resource, string path) => resource.At(path)?.ToString();

    public static IEnumerable<JsonNode> ListAt(this JsonNode resource, string path) => resource.At(path)?.AsArray().Select(static item => item!) ?? [];

    public static string Group(this JsonNode resource) => GroupOf(resource.Id());

    /// <summary>The resource group of an id; of one that is still an expression, because its name depends on the cloud, too.</summary>
    public static string GroupOf(string id) => id.StartsWith("[resourceId(", StringComparison.Ordinal) ? id.Split('\'')[3] : id.Split('/')[4];

    /// <summary>The id of the resource that an expression asks for one of its properties.</summary>
    public static string Referenced(string expression) => Reference().Match(expression).Groups["id"].Value;

    public static IReadOnlyDictionary<string, string> Settings(this JsonNode silo) =>
        silo.ListAt("template.containers.0.env").ToDictionary(static item => (string)item["name"]!, static item => (string)item["value"]!);

    [GeneratedRegex(@"reference\('(?<id>[^']+)'")]
    private static partial Regex Reference();
}
