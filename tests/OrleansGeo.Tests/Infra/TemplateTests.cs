namespace OrleansGeo.Tests.Infra;

/// <summary>The template compiles without a word, and says what it said before.</summary>
[Collection(InfraCollection.Name)]
public sealed class TemplateTests(CompiledInfra infra)
{
    private const string Renew = "ORLEANSGEO_RENEW_SNAPSHOTS";

    [BicepFact]
    public void The_compiler_has_nothing_to_say()
    {
        // A wrong type is only a warning, with exit code 0: any output is a failure.
        Assert.True(infra.BuildSaid.Length == 0, $"bicep build: {infra.BuildSaid}");
        Assert.True(infra.LintSaid.Length == 0, $"bicep lint: {infra.LintSaid}");
        Assert.True(infra.SnapshotsSaid.Length == 0, $"bicep snapshot: {infra.SnapshotsSaid}");
    }

    [BicepTheory]
    [InlineData(CompiledInfra.World)]
    [InlineData(CompiledInfra.Witness)]
    public void The_expanded_template_is_the_golden_one(string world)
    {
        var file = Path.Combine(CompiledInfra.Goldens, $"{world}.snapshot.json");
        if (Environment.GetEnvironmentVariable(Renew) is not null)
        {
            File.WriteAllText(file, infra[world]);
        }

        var golden = File.Exists(file) ? Lines(File.ReadAllText(file)) : [];
        var now = Lines(infra[world]);
        var same = golden.Zip(now).TakeWhile(static pair => pair.First == pair.Second).Count();
        Assert.True(
            same == golden.Length && same == now.Length,
            $"infra/ expands {world}.bicepparam to something else than {file} from line {same + 1} on:\n- {At(golden, same)}\n+ {At(now, same)}\n"
                + $"If that is meant: {Renew}=1 dotnet test --filter {nameof(TemplateTests)}, and read what git says has changed.");
    }

    [Fact]
    public void Every_module_is_used()
    {
        // The compiler sees only what main.bicep leads to.
        var files = Directory.GetFiles(Path.Combine(Bicep.Root, "infra"), "*.bicep", SearchOption.AllDirectories);
        var texts = files.Select(File.ReadAllText).ToList();
        var unused = files.Select(static file => Path.GetFileName(file)).Where(name => name != "main.bicep" && !texts.Any(text => text.Contains($"{name}'", StringComparison.Ordinal)));
        Assert.Empty(unused);
    }

    private static string[] Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n');

    private static string At(string[] lines, int index) => index < lines.Length ? lines[index].Trim() : "(the end)";
}
