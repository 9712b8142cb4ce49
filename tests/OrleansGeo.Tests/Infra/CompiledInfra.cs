using OrleansGeo.Tests.Storage;

namespace OrleansGeo.Tests.Infra;

/// <summary>What the compiler makes of a copy of infra/: what it says, and the template as two parameter files expand it.</summary>
public sealed class CompiledInfra : IAsyncLifetime
{
    /// <summary>Three regions: the parameter file that operators begin with.</summary>
    public const string World = "world";

    /// <summary>Two regions, a witness, and everything that can be chosen chosen otherwise.</summary>
    public const string Witness = "witness";

    // Names are made of these, so they are fixed.
    private static readonly string[] Place =
    [
        "--subscription-id", "00000000-0000-0000-0000-000000000001", "--tenant-id", "00000000-0000-0000-0000-000000000002",
        "--location", "westeurope", "--deployment-name", "world",
    ];

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _expanded = [];

    /// <summary>The repository's folder of golden files.</summary>
    public static string Goldens { get; } = Path.Combine(Bicep.Root, "tests", "OrleansGeo.Tests", "Infra");

    public string BuildSaid { get; private set; } = "";

    public string LintSaid { get; private set; } = "";

    public string SnapshotsSaid { get; private set; } = "";

    /// <summary>The text of the expanded template.</summary>
    public string this[string world] => _expanded[world];

    public async Task InitializeAsync()
    {
        if (Bicep.Missing is not null)
        {
            return;
        }

        var infra = Copy(Path.Combine(Bicep.Root, "infra"), Path.Combine(_folder.Path, "infra"));
        var tests = Copy(Goldens, Path.Combine(_folder.Path, "tests", "OrleansGeo.Tests", "Infra"));
        var said = await Task.WhenAll(
            Bicep.RunAsync(infra, "build", "main.bicep", "--outfile", Path.Combine(_folder.Path, "main.json")),
            Bicep.RunAsync(infra, "lint", "main.bicep"));
        (BuildSaid, LintSaid) = (said[0], said[1]);
        SnapshotsSaid = string.Concat(await Task.WhenAll(ExpandAsync(infra, World), ExpandAsync(tests, Witness)));
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private async Task<string> ExpandAsync(string folder, string world)
    {
        var said = await Bicep.RunAsync(folder, ["snapshot", $"{world}.bicepparam", .. Place]);
        var file = Path.Combine(folder, $"{world}.snapshot.json");
        _expanded[world] = File.Exists(file) ? await File.ReadAllTextAsync(file) : "{}";
        return said;
    }

    /// <summary>Of sources only: a golden file must not pass for what was made of them.</summary>
    private static string Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(static file => !file.EndsWith(".snapshot.json", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return to;
    }
}
