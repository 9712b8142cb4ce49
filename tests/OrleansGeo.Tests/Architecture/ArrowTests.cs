using System.Reflection;
using OrleansGeo.Api.Documents;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Server.Hosting;
using OrleansGeo.Storage;
using OrleansGeo.Storage.AzureTables.Stores;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Sqlite;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Architecture;

/// <summary>Arrows go one way: what may know what, and why.</summary>
public sealed class ArrowTests
{
    /// <summary>Of the protocol, what home policies and operators name.</summary>
    private static readonly string[] AuthorsTypes = ["RegionId", "IHomePolicy", "HomeChoice", "ByKeyGroup", "ByKeyHash", "ByKeyPrefix", "WorldRegions"];

    [Theory]
    [InlineData(typeof(ShardMap), "", "the protocol is pure: the simulator runs it without Orleans, I/O or a clock")]
    [InlineData(typeof(GeoGrainAttribute), "Protocol", "grain code sees attributes, sessions and errors, nothing that runs")]
    [InlineData(typeof(IRegionStore), "Protocol", "the store's contract stands without Orleans: a store for another database can be written and proven outside")]
    [InlineData(typeof(RegionStoreConformance), "Protocol Storage", "what proves a store stands without Orleans, too")]
    [InlineData(typeof(GeoBuilder), "Abstractions Protocol Storage", "the runtime knows stores and web APIs only by interfaces")]
    [InlineData(typeof(SqliteRegionStore), "Runtime Protocol Storage", "a store knows the store's contract, the protocol's rules, and how a host chooses it")]
    [InlineData(typeof(AzureTablesRegionStore), "Runtime Protocol Storage", "a store knows the store's contract, the protocol's rules, and how a host chooses it")]
    [InlineData(typeof(IDocument), "Abstractions Protocol Runtime", "the web API is a user of the runtime")]
    [InlineData(typeof(GeoTestCluster), "Abstractions Protocol Runtime Storage", "the testing host runs worlds with any store, and grain code without one")]
    [InlineData(typeof(ServerHost), "Abstractions Api Protocol Runtime Storage Storage.AzureTables Storage.Sqlite", "the server is deployed: nothing of worlds on one machine, or of tests, is in it")]
    public void A_project_knows_only_what_its_place_allows(Type inIt, string allowed, string because)
    {
        var own = inIt.Assembly.GetName().Name!;
        var known = inIt.Assembly.GetReferencedAssemblies().Select(static name => name.Name!).Where(static name => name.StartsWith("OrleansGeo.", StringComparison.Ordinal));
        var wrong = known.Except(allowed.Split(' ').Select(static name => $"OrleansGeo.{name}")).ToList();
        Assert.True(wrong.Count == 0, $"{own} may not know {string.Join(", ", wrong)}: {because}.");
    }

    [Fact]
    public void The_protocol_knows_neither_Orleans_nor_a_clock()
    {
        var assemblies = typeof(ShardMap).Assembly.GetReferencedAssemblies().Select(static name => name.Name!).ToList();
        Assert.DoesNotContain(assemblies, static name => name.StartsWith("Orleans.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal));
        var members = typeof(ShardMap).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(static method => typeof(Task).IsAssignableFrom(method.ReturnType) || method.GetParameters().Any(static parameter => parameter.ParameterType == typeof(TimeProvider)))
            .Select(static method => $"{method.DeclaringType}.{method.Name}")
            .ToList();
        Assert.True(members.Count == 0, $"Tasks and clocks belong into the shell around the protocol: {string.Join(", ", members)}");
    }

    [Fact]
    public void A_namespace_is_a_path()
    {
        var root = typeof(ArrowTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "SourceRoot").Value!;
        var wrong = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories))
        {
            // What a template makes is in a namespace of the user's.
            var path = Path.GetRelativePath(Path.Combine(root, "src"), Path.GetDirectoryName(file)!);
            var isOurs = path.Split(Path.DirectorySeparatorChar) is [not "OrleansGeo.Templates", ..] parts && !parts.Contains("obj");
            var line = File.ReadLines(file).FirstOrDefault(static text => text.StartsWith("namespace ", StringComparison.Ordinal));
            if (line is not null && isOurs && line != $"namespace {NamespaceOf(path, Path.GetFileNameWithoutExtension(file))};")
            {
                wrong.Add($"{file}: {line}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Exceptions for those who write grains, hosts and tests: what they see has one namespace, and what a host calls on its builders is where Orleans' own is.</summary>
    private static string NamespaceOf(string path, string file)
    {
        var parts = path.Split(Path.DirectorySeparatorChar);
        return file.EndsWith("BuilderExtensions", StringComparison.Ordinal) || file is "GeoHostingExtensions" or "AzureTablesMembershipExtensions" or "WanServices" ? "Orleans.Hosting"
            : parts is ["OrleansGeo.Abstractions", "Grains" or "Sessions" or "Errors"] || (parts[0] == "OrleansGeo.Protocol" && AuthorsTypes.Contains(file)) ? "OrleansGeo"
            : parts[0] == "OrleansGeo.Testing" ? parts[0]
            : parts[0] == "OrleansGeo.Abstractions" ? string.Join('.', parts[1..].Prepend("OrleansGeo"))
            : string.Join('.', parts);
    }
}
