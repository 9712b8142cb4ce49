using System.IO.Compression;
using System.Xml.Linq;
using OrleansGeo.Tests.Turns;
using Xunit.Abstractions;

namespace OrleansGeo.Tests.Adoption;

/// <summary>A test that is a user: it has the packages and a page, and nothing else.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class AdoptionTests(PackageFeed feed, ITestOutputHelper output) : IClassFixture<PackageFeed>
{
    private static readonly string[] Expected =
    [
        "OrleansGeo", "OrleansGeo.Abstractions", "OrleansGeo.Api", "OrleansGeo.Client", "OrleansGeo.Protocol", "OrleansGeo.Runtime", "OrleansGeo.Storage",
        "OrleansGeo.Storage.AzureTables", "OrleansGeo.Storage.Conformance", "OrleansGeo.Storage.Sqlite", "OrleansGeo.Testing",
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
    [InlineData("README.md")]
    [InlineData("src/docs/getting-started.md")]
    [InlineData("src/docs/writing-a-store.md")]
    public async Task A_page_works_as_it_is_written(string page)
    {
        var folder = feed.NewFolder(Path.GetFileNameWithoutExtension(page));
        var script = Path.Combine(folder, "page.sh");
        await File.WriteAllTextAsync(script, PageScript.Of(await File.ReadAllTextAsync(Path.Combine(PackageFeed.SourceRoot, page))));
        var (code, text) = await PackageFeed.RunAsync("bash", [script], folder);
        output.WriteLine(text);
        Assert.True(code == 0, $"{page} does not work for a reader (exit code {code}):\n{text}");
    }

    private static XElement Spec(string path)
    {
        using var package = ZipFile.OpenRead(path);
        using var spec = package.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(spec).Root!.Elements().Single();
    }

    private static string Value(XElement spec, string name) => spec.Elements().Single(element => element.Name.LocalName == name).Value;
}
