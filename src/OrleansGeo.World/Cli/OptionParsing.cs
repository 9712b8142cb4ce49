using System.CommandLine.Parsing;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Cli;

/// <summary>Lets a parser that throws <see cref="WorldException"/> serve an option.</summary>
internal static class OptionParsing
{
    public static T? Parse<T>(ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(string.Concat(result.Tokens.Select(static token => token.Value)));
        }
        catch (WorldException exception)
        {
            result.AddError(exception.Message);
            return default;
        }
    }
}
