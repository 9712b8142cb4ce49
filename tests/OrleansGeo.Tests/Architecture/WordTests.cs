using System.Reflection;
using System.Text.RegularExpressions;

namespace OrleansGeo.Tests.Architecture;

/// <summary>What users read names its subject: which silo, which region, which caller.</summary>
public sealed partial class WordTests
{
    private static readonly string Root = typeof(WordTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "SourceRoot").Value!;

    [Fact]
    public void Documentation_and_messages_say_who()
    {
        var pages = Files("*.md").SelectMany(static path => File.ReadLines(path).Select((line, index) => (Path: path, Number: index + 1, Text: line)));
        var messages = Files("*.cs").Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}tests{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(static path => File.ReadLines(path).Select((line, index) => (Path: path, Number: index + 1, Text: string.Concat(Literal().Matches(line.Split("// ")[0]).Select(static match => match.Value)))));
        var wrong = pages.Concat(messages).Where(static line => Vague().IsMatch(line.Text)).Select(static line => $"{Path.GetRelativePath(Root, line.Path)}:{line.Number}: {line.Text.Trim()}").ToList();
        Assert.True(wrong.Count == 0, $"Name who it is (the caller, a region, another silo, an operator) in place of 'whoever', 'nobody', 'somebody', 'anybody':\n{string.Join('\n', wrong)}");
    }

    private static IEnumerable<string> Files(string pattern) => new[] { ".github", "src", "infra", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories))
        .Where(static path => !Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj" or "node_modules"))
        .Concat(Directory.EnumerateFiles(Root, pattern));

    [GeneratedRegex(@"\b(?:whoever|nobody|somebody|anybody)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Vague();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Literal();
}
