using System.Net;
using System.Text.Json;

namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>What stands in the bodies of the web API's answers.</summary>
internal static class Answers
{
    public static int NumberIn(NumberRegister register, string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty(register.IsCounter ? "value" : "number").GetInt32();
    }

    /// <summary>The code of a problem, after a space; empty for what is none.</summary>
    public static string CodeOf(HttpStatusCode status, string body)
    {
        if ((int)status < 400)
        {
            return "";
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            return $" {json.RootElement.GetProperty("code").GetString()}";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return " (no problem)";
        }
    }
}
