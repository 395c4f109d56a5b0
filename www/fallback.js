// A classic script, for where the page's modules cannot load: opened as a file, or in a frame without an origin whose
// server does not allow that. It opens the one-file page instead.

addEventListener('load', () => {
  if ('saddlescopeStarts' in window) return;
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  const link = document.createElement('a');
  link.href = `saddlescope.html${location.hash}`;
  link.textContent = 'saddlescope.html';
  message.append('This browser does not load the modules of the page from here (a file, or a frame without an origin). The whole page in one file is ', link, '.');
  document.body.prepend(message);
  location.replace(link.href);
});
