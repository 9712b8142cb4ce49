using System.Reflection;
using System.Text.RegularExpressions;

namespace OrleansGeo.Tests.Architecture;

/// <summary>The runtime's folders stand on each other: none knows one that is above it, so that no circle of any length is among them.</summary>
public sealed partial class FolderTests
{
    /// <summary>Lowest first. Nothing may be moved in it to let an arrow pass that went up before: a type is moved instead, or the lower folder owns an interface.</summary>
    private static readonly string[] Order =
    [
        "Tracing", "Loops", "Links", "Logs", "Errors", "Events", "Configuration", "Topology", "States", "Filters", "Enumeration",
        "Failover", "Types", "Shards", "Reminders", "Moves", "Ledgers", "Freshness", "Routing", "Gates", "World", "Checks", "Hosting",
    ];

    [Fact]
    public void A_folder_of_the_runtime_knows_only_lower_ones()
    {
        var root = typeof(FolderTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "SourceRoot").Value!;
        var files = Files(Path.Combine(root, "src", "OrleansGeo.Runtime"));
        Assert.Equal(Order.Order(), files.Select(static file => file.Folder).Distinct().Order());

        var upwards = Upwards(files);
        Assert.True(upwards.Count == 0, $"These know folders that are above theirs. Move the type down, or let the lower folder own an interface of it:\n{string.Join('\n', upwards)}");
    }

    [Theory]
    [InlineData("using OrleansGeo.Runtime.Shards;")]
    [InlineData("_ = typeof(OrleansGeo.Runtime.Shards.HomeShard);")]
    [InlineData("/// <see cref=\"Shards.HomeShard\"/>")]
    [InlineData("private readonly Shards.HomeShard _home;")]
    public void An_arrow_that_goes_up_is_found(string text)
    {
        var upwards = Upwards([new("Failover", "Ledger.cs", text), new("Shards", "HomeShard.cs", "internal sealed class HomeShard;\nusing OrleansGeo.Runtime.Failover;")]);
        Assert.Equal("Failover knows Shards: Ledger.cs", Assert.Single(upwards));
    }

    [Fact]
    public void A_property_with_the_name_of_a_folder_is_no_arrow() =>
        Assert.Empty(Upwards([new("Failover", "Ledger.cs", "silo.Shards.HomeShard(Shards.Length, Moves.Count)"), new("Shards", "HomeShard.cs", "internal sealed class HomeShard;")]));

    private static List<string> Upwards(IReadOnlyList<SourceFile> files)
    {
        var folders = files.SelectMany(static file => Declaration().Matches(file.Text).Select(match => (Type: match.Groups[1].Value, file.Folder))).Distinct()
            .ToLookup(static type => type.Type, static type => type.Folder);
        return
        [
            .. files.SelectMany(file => Known(file.Text, folders).Distinct().Where(known => Array.IndexOf(Order, known) > Array.IndexOf(Order, file.Folder)).Select(known => (file.Folder, Known: known, file.Name)))
                .GroupBy(static arrow => (arrow.Folder, arrow.Known), static arrow => arrow.Name)
                .Select(static arrow => $"{arrow.Key.Folder} knows {arrow.Key.Known}: {string.Join(", ", arrow.Order(StringComparer.Ordinal))}"),
        ];
    }

    /// <summary>Folders that a text names: by their whole names, or, as the compiler allows among neighbours, by <c>Folder.Type</c>.</summary>
    private static IEnumerable<string> Known(string text, ILookup<string, string> folders) =>
        WholeName().Matches(text).Select(static match => match.Groups[1].Value)
            .Concat(ShortName().Matches(text).Where(match => folders[match.Groups[2].Value].Contains(match.Groups[1].Value)).Select(static match => match.Groups[1].Value));

    private static List<SourceFile> Files(string root) =>
    [
        .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: file, Parts: Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)))
            .Where(static file => file.Parts[0] is not ("obj" or "bin"))
            .Select(static file => new SourceFile(file.Parts[0], file.Parts[^1], File.ReadAllText(file.Path))),
    ];

    [GeneratedRegex(@"\bOrleansGeo\.Runtime\.(\w+)")]
    private static partial Regex WholeName();

    [GeneratedRegex(@"(?<![\w.])(\w+)\.(?:\w+\.)?(\w+)")]
    private static partial Regex ShortName();

    [GeneratedRegex(@"^(?:public|internal) [\w ]*\b(?:class|struct|record|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    private sealed record SourceFile(string Folder, string Name, string Text);
}
