namespace OrleansGeo.Server.Configuration;

/// <summary>Reads the options, and refuses those that are wrong: all of them at once.</summary>
internal static class ServerConfiguration
{
    /// <exception cref="ConfigurationException">Lists every problem: unknown options, values of the wrong type, what does not fit together.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in configuration.GetSection(ServerOptions.Section).AsEnumerable(makePathsRelative: true))
        {
            // A template sets what it has no value for to nothing: that is as if it were not there.
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }

            var problem = OptionCatalog.Find(key) is { } option ? option.ProblemOf(value) : "there is no such option; README.md of the server lists them.";
            if (problem is null)
            {
                values[key] = value;
            }
            else
            {
                problems.Add($"{ServerOptions.Section}:{key}: {problem}");
            }
        }

        var options = new ServerOptions();
        new ConfigurationBuilder().AddInMemoryCollection(values).Build().Bind(options);
        problems.AddRange(ServerOptionsValidator.Problems(options));
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            problems.Add("Kestrel:Endpoints: the server listens where Geo:Http:Address and Geo:Http:Port say, and nowhere else.");
        }

        return problems.Count == 0 ? options : throw new ConfigurationException([.. problems]);
    }
}
