using System.Net.Http.Json;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>Gives a running world a command.</summary>
internal static class ControlClient
{
    /// <summary>Longer than the world itself waits for a region.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    public static async Task<ControlAnswer> StartRegionAsync(RunningWorld world, string region, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout };
        http.DefaultRequestHeaders.Add(ControlServer.KeyHeader, world.ControlKey);
        try
        {
            using var response = await http.PostAsync($"{world.ControlUrl}/regions/{Uri.EscapeDataString(region)}/start", content: null, cancellationToken);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<ControlAnswer>(cancellationToken)
                ?? throw WorldException.Failure($"The world (process {world.ProcessId}) gave no answer.");
        }
        catch (HttpRequestException exception)
        {
            throw WorldException.Failure($"The world (process {world.ProcessId}) does not take commands ({exception.Message}): is it stopping?");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw WorldException.Failure($"The world (process {world.ProcessId}) gave no answer within {Timeout.TotalSeconds:0} s.");
        }
    }
}
