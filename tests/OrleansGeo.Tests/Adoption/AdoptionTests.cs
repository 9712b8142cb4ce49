using System.IO.Compression;
using System.Xml.Linq;
using Xunit.Abstractions;

namespace OrleansGeo.Tests.Adoption;

/// <summary>A test that is a user: it has the packages and a page, and nothing else.</summary>
[Collection(AloneCollection.Name)]
[Trait("Check", "Long")]
public sealed class AdoptionTests(PackageFeed feed, ITestOutputHelper output) : IClassFixture<PackageFeed>
{
    private static readonly string[] Expected =
    [
        "OrleansGeo", "OrleansGeo.Abstractions", "OrleansGeo.Api", "OrleansGeo.Client", "OrleansGeo.Protocol", "OrleansGeo.Runtime", "OrleansGeo.Storage",
        "OrleansGeo.Storage.AzureTables", "OrleansGeo.Storage.Conformance", "OrleansGeo.Storage.Sqlite", "OrleansGeo.Templates", "OrleansGeo.Testing",
    ];

    [Fact]
    public void Packing_makes_every_package_without_a_warning()
    {
        Assert.DoesNotContain("warning", feed.Output, StringComparison.OrdinalIgnoreCase);
        var specs = feed.Packages.Select(Spec).ToList();
        Assert.Equal(Expected, specs.Select(static spec => Value(spec, "id")).Order(StringComparer.Ordinal));
        Assert.All(specs, static spec =>
        {
            Assert.Equal("MIT", Value(spec, "license"));
            Assert.NotEqual("Package Description", Value(spec, "description"));
            Assert.Matches(@"^\d+\.\d+\.\d+", Value(spec, "version"));
        });
        Assert.All(feed.Packages, static path =>
        {
            using var package = ZipFile.OpenRead(path);
            Assert.NotNull(package.GetEntry("README.md"));
            Assert.All(package.Entries.Where(static entry => entry.FullName.EndsWith(".dll", StringComparison.Ordinal)), assembly =>
                Assert.NotNull(package.GetEntry(Path.ChangeExtension(assembly.FullName, ".xml"))));
        });
    }

    [Theory]
    [InlineData("cem: 2 x book, written in", "README.md")]
    [InlineData(
        "1 x book, home",
        "src/docs/adopting.md", "src/docs/consistency.md", "src/docs/durability.md", "src/docs/failover.md", "src/docs/moves.md", "src/docs/multi-writer.md", "src/docs/reminders.md", "src/docs/sessions.md",
        "src/docs/getting-started.md", "src/docs/clients.md", "src/docs/web-api.md", "src/docs/testing.md")]
    [InlineData("Passed!", "src/docs/writing-a-store.md")]
    [InlineData("ada: 1 x book, written in", "src/OrleansGeo.Templates/README.md")]
    public async Task Pages_work_as_they_are_written(string seen, params string[] pages)
    {
        var folder = feed.NewFolder(Path.GetFileNameWithoutExtension(pages[0]));
        var script = Path.Combine(folder, "page.sh");
        await File.WriteAllTextAsync(script, PageScript.Of(string.Join('\n', pages.Select(static page => File.ReadAllText(Path.Combine(PackageFeed.SourceRoot, page))))));
        var (code, text) = await PackageFeed.RunAsync("bash", [script], folder, folder);
        output.WriteLine(text);
        Assert.True(code == 0, $"{string.Join(", ", pages)}: a reader who follows it gets exit code {code}:\n{text}");
        Assert.Contains(seen, text, StringComparison.Ordinal);
    }

    /// <summary>Who begins with the template has what README explains.</summary>
    [Theory]
    [InlineData("Cart.cs")]
    [InlineData("Program.cs")]
    public void The_template_is_the_readmes_sample(string file)
    {
        var template = File.ReadAllText(Path.Combine(PackageFeed.SourceRoot, "src", "OrleansGeo.Templates", "orleansgeo", file));
        Assert.Contains($"```csharp\n// Shop/{file}\n{template.Replace("ShopNamespace", "Shop", StringComparison.Ordinal)}```", File.ReadAllText(Path.Combine(PackageFeed.SourceRoot, "README.md")), StringComparison.Ordinal);
    }

    /// <summary>A block that names a file or is a shell's is run; so what is written there cannot rot unseen.</summary>
    [Fact]
    public void A_page_becomes_a_script()
    {
        var script = PageScript.Of("# T\n```sh\ndotnet build A\n```\ntext\n```csharp\n// A/B.cs\nclass B;\n```\n```csharp\nshown();\n```\n");
        Assert.Contains("dotnet build A\n", script, StringComparison.Ordinal);
        Assert.Contains("cat > 'A/B.cs' <<'END-OF-FILE'\n// A/B.cs\nclass B;\nEND-OF-FILE\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain("shown", script, StringComparison.Ordinal);
        Assert.True(script.IndexOf("dotnet build", StringComparison.Ordinal) < script.IndexOf("cat >", StringComparison.Ordinal));
    }

    /// <summary>What a page shows of C# is a file of one of the samples that are built.</summary>
    [Fact]
    public void Each_block_of_code_names_its_file()
    {
        var pages = Directory.GetFiles(Path.Combine(PackageFeed.SourceRoot, "src", "docs"), "*.md");
        var blocks = pages.SelectMany(static page => PageScript.Blocks(File.ReadAllText(page)).Where(static block => block.Kind == "csharp").Select(block => (Page: Path.GetFileName(page), block.Text))).ToList();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, static block => Assert.True(PageScript.IsFile(block.Text), $"{block.Page}: this block names no file, so no test builds it:\n{block.Text}"));
    }

    private static XElement Spec(string path)
    {
        using var package = ZipFile.OpenRead(path);
        using var spec = package.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(spec).Root!.Elements().Single();
    }

    private static string Value(XElement spec, string name) => spec.Elements().Single(element => element.Name.LocalName == name).Value;
}
