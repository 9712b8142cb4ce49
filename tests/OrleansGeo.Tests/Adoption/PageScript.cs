using System.Text;
using System.Text.RegularExpressions;

namespace OrleansGeo.Tests.Adoption;

/// <summary>
/// A page of the documentation as a reader follows it, in order, as one shell script: a block whose first line names a file is written to it, a block of
/// shell commands is run. Blocks of other kinds show something, and are left out.
/// </summary>
internal static partial class PageScript
{
    public static string Of(string markdown)
    {
        // Each job of the shell is a process group of its own, so that what dotnet run started ends with it.
        var script = new StringBuilder("""
            set -eum
            set -o pipefail
            trap 'for job in $(jobs -p); do kill -9 -- "-$job" 2>/dev/null || true; done' EXIT

            """);
        foreach (var block in Blocks(markdown))
        {
            if (FileName().Match(block.Text) is { Success: true } file)
            {
                var path = file.Groups["path"].Value;
                script.Append($"mkdir -p \"$(dirname '{path}')\"\ncat > '{path}' <<'END-OF-FILE'\n{block.Text}END-OF-FILE\n");
            }
            else if (block.Kind == "sh")
            {
                script.Append($"echo '----'\n{block.Text}");
            }
        }

        return script.ToString();
    }

    /// <summary>The page's fenced blocks.</summary>
    public static IEnumerable<(string Kind, string Text)> Blocks(string markdown) =>
        Fence().Matches(markdown).Select(static match => (match.Groups["kind"].Value, match.Groups["text"].Value));

    public static bool IsFile(string block) => FileName().IsMatch(block);

    [GeneratedRegex(@"^```(?<kind>\w*)[^\n]*\n(?<text>.*?)^```[ ]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    /// <summary><c>// shop/Program.cs</c>, or in XML <c>&lt;!-- shop/shop.csproj --&gt;</c>.</summary>
    [GeneratedRegex(@"\A(?://|<!--) (?<path>[\w.-]+/[\w./-]+\.(?:cs|csproj|json))(?: -->)?\n")]
    private static partial Regex FileName();
}
