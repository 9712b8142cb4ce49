using System.Collections.Immutable;
using System.Reflection;

namespace OrleansGeo.Server.Configuration;

/// <summary>Every option that there is, read from the types that are bound: nothing can be configured that is not in here.</summary>
internal static class OptionCatalog
{
    public static ImmutableArray<OptionInfo> All { get; } = [.. OptionsOf(typeof(ServerOptions), "")];

    private static readonly Dictionary<string, OptionInfo> ByPath = All.ToDictionary(static option => option.Path, StringComparer.OrdinalIgnoreCase);

    /// <summary>The option that a configuration key below <c>Geo</c> sets; null: none.</summary>
    public static OptionInfo? Find(string key) => ByPath.GetValueOrDefault(string.Join(':', key.Split(':').Select(static part => int.TryParse(part, out _) ? "*" : part)));

    /// <summary>Sets what can be configured of <paramref name="to"/>, and nothing else, to what it is of <paramref name="from"/>.</summary>
    public static void Copy<T>(T from, T to)
    {
        foreach (var property in typeof(T).GetProperties().Where(static property => property.CanWrite && !typeof(Delegate).IsAssignableFrom(property.PropertyType)))
        {
            property.SetValue(to, property.GetValue(from));
        }
    }

    private static IEnumerable<OptionInfo> OptionsOf(Type type, string prefix) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static property => property.CanWrite)
        .SelectMany(property => OptionsAt(property.PropertyType, $"{prefix}{property.Name}"));

    private static IEnumerable<OptionInfo> OptionsAt(Type type, string path) =>
        typeof(Delegate).IsAssignableFrom(type) ? []
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? OptionsAt(type.GetGenericArguments()[0], $"{path}:*")
        : type.IsValueType || type == typeof(string) || type == typeof(Uri) ? [new(path, type)]
        : OptionsOf(type, $"{path}:");
}
