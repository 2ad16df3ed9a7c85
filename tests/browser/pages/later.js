window.addEventListener("load", () => setTimeout(() => {
  const later = document.getElementById("later");
  const loader = document.createElement("script");
  loader.src = "https://platform.linkedin.com/in.js";
  document.head.append(loader);
  const share = document.createElement("script");
  share.type = "IN/Share";
  share.dataset.url = "https://www.example.com/";
  later.append(share);
  later.insertAdjacentHTML("beforeend", '<div class="fb-like" data-href="https://www.example.com/"></div>');
}, 100));
