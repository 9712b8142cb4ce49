using System.Globalization;
using System.Net;
using OrleansGeo.Tests.Api;

namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>
/// Counts one register up through one process. A number whose outcome is unknown is sent again under the same key until it is acknowledged, and only then comes the next: no late attempt of an
/// old one can come behind a newer one.
/// </summary>
internal sealed class RegisterWriter(PausableServer server, NumberRegister register, PauseRecord record)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(50);

    /// <summary>Above the deadline that the server is given.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    public NumberRegister Register => register;

    public string Server => server.Name;

    /// <param name="stop">The write under way is the last.</param>
    /// <param name="abort">Ends it, too.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            register.Attempt(number);
            await server.WhenRunningAsync(abort);
            var began = record.Now;
            var attempts = 1;
            while (!await TryAsync(number, abort))
            {
                await Task.Delay(PauseAfterFailure, TimeProvider.System, abort);
                await server.WhenRunningAsync(abort);
                attempts++;
            }

            var ended = record.Now;
            register.Acknowledge(ended);
            record.Wrote(new(server.Name, register, began, ended, attempts));
            await Task.Delay(Pause, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryAsync(int number, CancellationToken abort)
    {
        using var request = new HttpRequestMessage(register.IsCounter ? HttpMethod.Post : HttpMethod.Put, register.Path);
        request.Content = new StringContent(
            register.IsCounter ? """{"add":1}""" : string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{number}}}"""), System.Text.Encoding.UTF8, ApiClient.Json);
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"{register.Path}-{number}"));
        request.Headers.Add("Geo-Deadline", "10s");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(abort);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await server.Http.SendAsync(request, patience.Token);
            return Judge(number, response.StatusCode, await response.Content.ReadAsStringAsync(patience.Token));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException && !abort.IsCancellationRequested)
        {
            record.Count($"{server.Name} write: {exception.GetType().Name}");
            return false;
        }
    }

    private bool Judge(int number, HttpStatusCode status, string body)
    {
        record.Count($"{server.Name} write: {(int)status}{Answers.CodeOf(status, body)}");
        if (status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests)
        {
            return false;
        }

        var isRight = register.IsCounter ? status == HttpStatusCode.OK && Answers.NumberIn(register, body) == number
            : status == (number == 1 ? HttpStatusCode.Created : HttpStatusCode.OK);
        if (!isRight)
        {
            record.Violated($"{server.Name} answered write {number} of {register.Path}: {(int)status} {body}");
        }

        return (int)status < 300;
    }
}
