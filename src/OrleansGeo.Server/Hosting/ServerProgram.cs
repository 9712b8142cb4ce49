using System.Net.Sockets;
using OrleansGeo.Server.Configuration;
using OrleansGeo.Storage;

namespace OrleansGeo.Server.Hosting;

/// <summary>Runs the server until it is told to stop. What an operator can mend is said in words, without a stack trace.</summary>
internal static class ServerProgram
{
    private const int Success = 0;

    /// <summary>The configuration is right, and what it names cannot be used: a port, a store, a world whose grain types are recorded otherwise.</summary>
    private const int Failure = 1;

    private const int WrongConfiguration = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = ServerHost.Build(args);
            await app.RunAsync();
            return Success;
        }
        catch (ConfigurationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return WrongConfiguration;
        }
        catch (Exception exception) when (Expected(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync($"The server stopped: {reason}");
            return Failure;
        }
    }

    private static string? Expected(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is RegionStoreException or SocketException or GeoException)
            {
                return inner is SocketException && exception != inner ? $"{exception.Message} ({inner.Message})" : inner.Message;
            }
        }

        return null;
    }
}
