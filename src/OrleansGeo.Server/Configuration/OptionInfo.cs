using System.ComponentModel;
using System.Globalization;

namespace OrleansGeo.Server.Configuration;

/// <summary>One option: a value that can be configured.</summary>
/// <param name="Path">Below <c>Geo</c>: <c>Silo:Port</c>; <c>Peers:*:Name</c>, where <c>*</c> is any index.</param>
/// <param name="Type">Of the value.</param>
internal sealed record OptionInfo(string Path, Type Type)
{
    /// <summary>As an environment variable: <c>Geo__Silo__Port</c>.</summary>
    public string EnvironmentName => $"{ServerOptions.Section}__{Path.Replace(":", "__", StringComparison.Ordinal)}";

    /// <summary>What is wrong with a text as a value of this option; null: nothing.</summary>
    public string? ProblemOf(string text)
    {
        if (Type == typeof(Uri))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out _) ? null : $"'{text}' is not an absolute address, like https://example.org.";
        }

        try
        {
            _ = TypeDescriptor.GetConverter(Type).ConvertFromString(null, CultureInfo.InvariantCulture, text);
            return null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return $"'{text}' is not {Words}.";
        }
    }

    private string Words =>
        Type == typeof(TimeSpan) ? "a time, like 00:00:05 for 5 s"
        : Type == typeof(bool) ? "true or false"
        : Type == typeof(double) ? "a number, like 0.5"
        : "a whole number that fits";
}
