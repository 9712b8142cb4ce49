using System.Text.RegularExpressions;

namespace OrleansGeo.Tests.Infra;

/// <summary>An alert on a metric that nobody publishes never fires, and says nothing about it.</summary>
public sealed partial class MetricTests
{
    [Fact]
    public void Every_metric_that_an_alert_or_the_dashboard_asks_for_is_published()
    {
        var source = Directory.EnumerateFiles(Path.Combine(Bicep.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        var asked = new[] { "alerts.bicep", "workbook.json" }
            .SelectMany(static file => Metric().Matches(File.ReadAllText(Path.Combine(Bicep.Root, "infra", "modules", file))))
            .Select(static match => match.Groups["name"].Value)
            .Distinct()
            .ToList();
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Where(name => !source.Any(text => text.Contains($"\"{name}\"", StringComparison.Ordinal))));
    }

    [GeneratedRegex("""Name == ["'](?<name>[^"']+)["']""")]
    private static partial Regex Metric();
}
