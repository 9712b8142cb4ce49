using System.Globalization;
using System.Net;
using OrleansGeo.Tests.Api;

namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>Reads all registers through one process, one after the other, and judges what it finds by what was acknowledged before each read began.</summary>
/// <param name="server">Through which process.</param>
/// <param name="consistency">As the web API has it.</param>
/// <param name="registers">What is read.</param>
/// <param name="record">Is told of what must not be.</param>
internal sealed class RegisterReader(PausableServer server, string consistency, IReadOnlyList<NumberRegister> registers, PauseRecord record)
{
    public const string Strong = "strong";
    public const string Local = "local";
    public const string Bounded = "bounded;max=500ms";

    private const int Bound = 500;

    /// <summary>Above the deadline that the server is given.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Between two reads.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <param name="first">With which of them it begins.</param>
    /// <param name="stop">The read under way is the last.</param>
    public async Task RunAsync(int first, CancellationToken stop)
    {
        for (var index = first; !stop.IsCancellationRequested; index++)
        {
            await server.WhenRunningAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ReadAsync(registers[index % registers.Count]);
            await Task.Delay(Pause, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What was found; null: there was no answer.</summary>
    public async Task<int?> ReadAsync(NumberRegister register)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, register.Path);
        request.Headers.Add("Geo-Consistency", consistency);
        request.Headers.Add("Geo-Deadline", "3s");
        using var patience = new CancellationTokenSource(Patience);
        var seen = register.Seen;
        var began = record.Now;
        try
        {
            using var response = await server.Http.SendAsync(request, patience.Token);
            return Judge(register, began, seen, response, await response.Content.ReadAsStringAsync(patience.Token));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            record.Count($"{server.Name} {consistency}: {exception.GetType().Name}");
            return null;
        }
    }

    private int? Judge(NumberRegister register, TimeSpan began, int seen, HttpResponseMessage response, string body)
    {
        var isAbsent = response.StatusCode == HttpStatusCode.NotFound;
        record.Count($"{server.Name} {consistency}: {(int)response.StatusCode}{Answers.CodeOf(response.StatusCode, body)}");
        if (response.StatusCode != HttpStatusCode.OK && !isAbsent)
        {
            if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests))
            {
                record.Violated($"{server.Name} answered a {consistency} read of {register.Path}: {(int)response.StatusCode} {body}");
            }

            return null;
        }

        var number = isAbsent ? 0 : Answers.NumberIn(register, body);
        var age = response.Header("Geo-Staleness-Ms") is { } header ? int.Parse(header, CultureInfo.InvariantCulture) : (int?)null;
        record.Found(new(server.Name, consistency, age, record.Now));
        var isStrong = consistency == Strong;
        var due = isStrong ? register.AcknowledgedBy(began) : age is { } staleness ? register.AcknowledgedBy(began - TimeSpan.FromMilliseconds(staleness)) : 0;
        var problem = number < due ? $"{due} was acknowledged {(isStrong ? "before it began" : $"{age} ms before it began")}"
            : isStrong && number < seen ? $"a strong read before it had found {seen}"
            : number > register.Attempted ? $"no more than {register.Attempted} was written"
            : consistency == Bounded && age is null or > Bound ? "its bound is less"
            : null;
        if (problem is not null)
        {
            record.Violated(
                $"{server.Name} {consistency} read of {register.Path} in {register.Shard}, begun at {PauseRecord.Show(began)}: {number}, {(age is null ? "of unknown age" : $"{age} ms old")}, "
                + $"from the {response.Header("Geo-Role")} in {response.Header("Geo-Served-By")} ({response.Header("Geo-Version")}), but {problem}");
        }

        if (isStrong)
        {
            register.See(number);
        }

        return number;
    }
}
