using System.Text.RegularExpressions;
using OrleansGeo.Operations;

namespace OrleansGeo.Tests.Infra;

/// <summary>An alert on a metric that nobody publishes, or on words that nobody logs, never fires, and says nothing about it.</summary>
public sealed partial class MetricTests
{
    private static readonly string Source = string.Concat(
        Directory.EnumerateFiles(Path.Combine(Bicep.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    [Fact]
    public void Every_metric_that_an_alert_or_the_dashboard_asks_for_is_published() => AssertKnown(Metric(), static name => $"\"{name}\"");

    [Fact]
    public void Every_event_that_an_alert_or_the_dashboard_asks_for_is_published() => AssertKnown(Event(), static name => $"GeoEventType.{name}");

    [Fact]
    public void Every_word_that_an_alert_or_the_dashboard_asks_the_log_for_is_logged() => AssertKnown(Words(), static words => words);

    private static void AssertKnown(Regex asks, Func<string, string> source)
    {
        var asked = new[] { "alerts.bicep", "workbook.json" }
            .SelectMany(file => asks.Matches(File.ReadAllText(Path.Combine(Bicep.Root, "infra", "modules", file))))
            .Select(static match => match.Groups["name"].Value)
            .ToHashSet();
        Assert.NotEmpty(asked);
        var missing = asked.Where(name => !Source.Contains(source(name), StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, $"The code has no {string.Join(", ", missing)}: see infra/modules/alerts.bicep and workbook.json.");
    }

    [GeneratedRegex("""Name == ["'](?<name>[^"']+)["']""")]
    private static partial Regex Metric();

    [GeneratedRegex("""orleansgeo\.type"\]\) == ["'](?<name>\w+)["']""")]
    private static partial Regex Event();

    [GeneratedRegex("""Log has ["'](?<name>[^"']+)["']""")]
    private static partial Regex Words();
}
