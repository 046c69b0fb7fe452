"""What every page of ours needs around its content."""


def page_frame(request):
    return {}
