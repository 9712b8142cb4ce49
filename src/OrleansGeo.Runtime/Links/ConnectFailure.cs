using System.Net.Sockets;

namespace OrleansGeo.Runtime.Links;

/// <summary>Finds the words in an exception that tell an operator why a connection could not be made.</summary>
internal static class ConnectFailure
{
    private const string OrleansErrorMark = "Error: ";

    public static string Describe(Exception exception)
    {
        var innermost = exception;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        if (innermost is SocketException socket)
        {
            return Words(socket);
        }

        // Orleans' transport names the socket error at the end of a message, and nowhere else.
        var mark = innermost.Message.LastIndexOf(OrleansErrorMark, StringComparison.Ordinal);
        return mark >= 0 && Enum.TryParse<SocketError>(innermost.Message.AsSpan(mark + OrleansErrorMark.Length), out var error)
            ? Words(new SocketException((int)error))
            : innermost.Message.TrimEnd('.');
    }

    private static string Words(SocketException exception) =>
        exception.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : exception.Message;
}
