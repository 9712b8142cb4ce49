using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using OrleansGeo.Server.Configuration;

namespace OrleansGeo.Tests.Server;

/// <summary>The table of options is what there is.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_option_is_documented_with_its_default_and_every_documented_option_exists()
    {
        var documented = Rows().ToDictionary(static row => row.Path, static row => row.Default);
        Assert.Equal(OptionCatalog.All.Select(static option => option.Path).Order(), documented.Keys.Order());

        var defaults = new ServerOptions();
        foreach (var option in OptionCatalog.All.Where(static option => !option.Path.Contains('*', StringComparison.Ordinal)))
        {
            var value = option.Path.Split(':').Aggregate((object?)defaults, static (at, name) => at!.GetType().GetProperty(name)!.GetValue(at));
            var text = Convert.ToString(value, CultureInfo.InvariantCulture);
            Assert.Equal($"{option.Path} {(text is null or "" ? "–" : text)}", $"{option.Path} {documented[option.Path]}");
        }
    }

    /// <summary>The instruments of OrleansGeo in the table of metrics.</summary>
    public static IEnumerable<string> Instruments() => Lines().Select(static line => Instrument().Match(line)).Where(static match => match.Success).Select(static match => match.Groups[1].Value);

    private static IEnumerable<(string Path, string Default)> Rows() => Lines()
        .Select(static line => Row().Match(line)).Where(static match => match.Success)
        .Select(static match => (match.Groups[1].Value, match.Groups[2].Value));

    private static IEnumerable<string> Lines()
    {
        var root = typeof(ReadmeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "SourceRoot").Value!;
        return File.ReadLines(Path.Combine(root, "src", "OrleansGeo.Server", "README.md"));
    }

    [GeneratedRegex(@"^\|[^|]*\| `(orleansgeo\.\w+\.\w+)` \|")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"^\| `Geo:([^`]+)` \| `?([^|`]+?)`? \|")]
    private static partial Regex Row();
}
