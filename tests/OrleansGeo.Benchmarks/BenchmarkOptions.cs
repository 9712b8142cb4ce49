using System.Globalization;

namespace OrleansGeo.Benchmarks;

/// <summary>The command line.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        Options:
          --seconds N    length of one measurement (default 0.4)
          --rounds N     measurements of each side (default 15)
          --filter TEXT  only rows whose name contains it
          --output FILE  where the results go as JSON (default artifacts/benchmarks.json)
          --page FILE    also writes them as a page of the documentation, between its marks
        """;

    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(0.4);

    public int Rounds { get; private init; } = 15;

    public string Filter { get; private init; } = "";

    public string Output { get; private init; } = Path.Combine("artifacts", "benchmarks.json");

    public string? Page { get; private init; }

    public bool Includes(string row) => row.Contains(Filter, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">An option that does not exist, or a value that it cannot have.</exception>
    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            var value = i + 1 < arguments.Length ? arguments[i + 1] : throw new FormatException($"{name} has no value.");
            options = name switch
            {
                "--seconds" => options with { Duration = TimeSpan.FromSeconds(Number(name, value, 0.1)) },
                "--rounds" => options with { Rounds = (int)Number(name, value, 1) },
                "--filter" => options with { Filter = value },
                "--output" => options with { Output = value },
                "--page" => options with { Page = File.Exists(value) ? value : throw new FormatException($"There is no page {value}.") },
                _ => throw new FormatException($"There is no option {name}."),
            };
        }

        return options;
    }

    private static double Number(string name, string value, double least) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= 3600
            ? number
            : throw new FormatException($"{name} must be a number from {least} to 3600, not '{value}'.");
}
