using System.Collections.Immutable;

namespace OrleansGeo.Server.Configuration;

/// <summary>The server is configured wrongly: it does not start. The message lists every problem, one a line.</summary>
internal sealed class ConfigurationException(ImmutableArray<string> problems) : Exception(Describe(problems))
{
    public ImmutableArray<string> Problems { get; } = problems;

    private static string Describe(ImmutableArray<string> problems) =>
        $"The server does not start, its configuration has {problems.Length} problem{(problems.Length == 1 ? "" : "s")}:"
        + string.Concat(problems.Select(static problem => $"{Environment.NewLine}- {problem}"));
}
